import { describe, expect, it } from 'vitest'
import { NO_FACTS } from '../facts/facts.ts'
import { compareResults, onlyReads } from './replay-against.ts'

const sql = (more: object) => ({ ...NO_FACTS, sql: { ...NO_FACTS.sql, present: true, parsed: true, ...more } })
const http = (more: object) => ({ ...NO_FACTS, http: { ...NO_FACTS.http, present: true, parsed: true, ...more } })

describe('what only reads', () => {
  it.each([
    ['a SELECT', sql({ verbs: ['read'] }), true],
    ['a DELETE beside a SELECT', sql({ verbs: ['read', 'write'] }), false],
    ['what no parser could read', sql({ parsed: false, verbs: ['read'] }), false],
    ['a statement without a verb', sql({ verbs: [] }), false],
    ['a call without anything to read', NO_FACTS, false],
    ['a GET', http({ method: 'GET' }), true],
    ['a GET with a body', http({ method: 'GET', body_bytes: 3 }), false],
    ['a POST', http({ method: 'POST' }), false],
    ['a SELECT beside a POST', { ...sql({ verbs: ['read'] }), http: http({ method: 'POST' }).http }, false],
  ])('%s: %#', (_, facts, reads) => {
    expect(onlyReads(facts)).toBe(reads)
  })
})

function result(text: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } })
}

describe('two results', () => {
  it('are the same where only their stand-ins differ', () => {
    const one = result('to sur_email_snn2kz60hrzfsjyge7')
    expect(compareResults(one, result('to sur_email_aaaaaaaaaaaaaaaaaa'))).toEqual({ kind: 'same' })
    expect(compareResults(one, result('to sur_phone_aaaaaaaaaaaaaaaaaa'))).toMatchObject({ kind: 'differs' })
  })

  it('are compared line by line', () => {
    expect(compareResults(result('a\nb\nc'), result('a\nx\nc'))).toEqual({ kind: 'differs', diff: ['- b', '+ x'] })
  })
})
