import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { stringifyJson, type JsonObject } from '../base/json.ts'
import { NOTHING_SENSITIVE } from '../masking/sensitive.ts'
import { type AskingAgain, recordedQuestion } from './recorded-question.ts'

const ASKING: AskingAgain = { uses: new Set(), findSensitive: () => NOTHING_SENSITIVE }

const ENVELOPE: JsonObject = {
  ts: '1970-01-01T00:00:01.000000Z',
  actor: {
    sub: 'alice',
    iss: 'https://idp.example',
    email: 'alice@example.com',
    groups: ['eng'],
    ip: '',
    client: {},
  },
  conn: { name: 'db', type: 'mcp-http', labels: { env: 'prod' } },
}

function completion(ref: JsonObject): string {
  return stringifyJson({ params: { ref } })
}

describe('what a request was about', () => {
  it.each([
    ['resources/read', 'file:///a', '{}', { kind: 'resource', uri: 'file:///a' }],
    ['prompts/get', 'greet', '{}', { kind: 'prompt', name: 'greet' }],
    ['tools/list', undefined, '{}', { kind: 'connection' }],
    ['(stream)', undefined, '{}', { kind: 'connection' }],
    [
      'completion/complete',
      undefined,
      completion({ type: 'ref/prompt', name: 'greet' }),
      { kind: 'prompt', name: 'greet' },
    ],
    [
      'completion/complete',
      undefined,
      completion({ type: 'ref/resource', uri: 'a:b' }),
      { kind: 'resource', uri: 'a:b' },
    ],
  ])('is read from its method: %s of %s', (method, target, request, about) => {
    const envelope = { ...ENVELOPE, mcp: { method, target } }
    expect(recordedQuestion({ envelope, request: encodeUtf8(request) }, ASKING)).toMatchObject({
      about,
      missing: [],
    })
  })

  it('is not known of a task, whose tool is not in the record', () => {
    const envelope = { ...ENVELOPE, mcp: { method: 'tasks/get', target: 't1' } }
    expect(recordedQuestion({ envelope }, ASKING)?.missing).toEqual(['task'])
  })
})

it('is not asked of a record that says nothing of who, where or what', () => {
  expect(recordedQuestion({ envelope: {} }, ASKING)).toBeUndefined()
  expect(recordedQuestion({ envelope: ENVELOPE }, ASKING)).toBeUndefined()
  const mcp = { method: 'ping' }
  expect(recordedQuestion({ envelope: { ...ENVELOPE, mcp, ts: 'never' } }, ASKING)).toBeUndefined()
  expect(recordedQuestion({ envelope: { ...ENVELOPE, mcp } }, ASKING)?.circumstances.atMs).toBe(1000)
})
