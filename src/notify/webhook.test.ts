import { Buffer } from 'node:buffer'
import { encodeUtf8 } from '../base/bytes.ts'
import { describe, expect, it } from 'vitest'
import { signature, webhookKey } from './webhook.ts'

describe('a signature of a webhook', () => {
  // Computed apart, with: printf '%s' 'msg_1.1614265330.{"test": 2432232314}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:3031… -binary | base64
  it('is the one of Standard Webhooks', () => {
    const key = encodeUtf8('0123456789abcdef01234567')
    expect(signature(key, { id: 'msg_1', seconds: '1614265330', body: '{"test": 2432232314}' })).toBe(
      'v1,h+ZUB5cEWs0m2mOFmzzKmdlvEsnLup6pH7CmSyxP9wk=',
    )
  })
})

const text = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`

describe('the key of a webhook', () => {
  it.each([24, 32, 64])('has %d bytes', (bytes) => {
    expect(webhookKey(text(bytes))?.length).toBe(bytes)
    expect(webhookKey(text(bytes).replace('whsec_', ''))?.length).toBe(bytes)
  })

  it.each(['', 'whsec_', 'a password', 'whsec_not base64!', text(16), text(65)])('is not "%s"', (secret) => {
    expect(webhookKey(secret)).toBeUndefined()
  })
})
