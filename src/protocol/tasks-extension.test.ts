import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { addTasks, answerIn, isReply, taskCreated, takesTasks, taskState, withoutTasks } from './tasks-extension.ts'

const EXTENSION = '"io.modelcontextprotocol/tasks":{}'
const added = (result: string) => decodeUtf8(addTasks(encodeUtf8(`{"jsonrpc":"2.0","id":1,"result":${result}}`)))
const meaningOf = (reply: string) => {
  const { status, value } = answerIn(encodeUtf8(reply), 200)
  return [status, decodeUtf8(value)]
}
const TASK = { id: 't', status: 'completed', createdMs: 0, updatedMs: 1_000, endsMs: 60_000 } as const

const declaring = (extensions: string) =>
  `{"jsonrpc":"2.0","id":1.0,"params":{"_meta":{"io.modelcontextprotocol/clientCapabilities":{"extensions":${extensions},"roots":{}}},"n":1e2}}`

it('takes the extension out of what a request declares, and nothing else', () => {
  const without = (extensions: string) => decodeUtf8(withoutTasks(encodeUtf8(declaring(extensions))))
  expect(without('{"io.modelcontextprotocol/tasks":{}}')).toBe(declaring('{}'))
  expect(without('{"a":1.0, "io.modelcontextprotocol/tasks":{},"b":{}}')).toBe(declaring('{"a":1.0,"b":{}}'))
  expect(without('7')).toBe(declaring('7'))
  const plain = encodeUtf8('{"params":{"_meta":{}}}')
  expect(withoutTasks(plain)).toBe(plain)
})

describe('a DiscoverResult', () => {
  it.each([
    ['{"capabilities":{}}', `{"capabilities":{"extensions":{${EXTENSION}}}}`],
    ['{"capabilities":{"tools":{}}}', `{"capabilities":{"extensions":{${EXTENSION}},"tools":{}}}`],
    ['{"capabilities":{"extensions":{}}}', `{"capabilities":{"extensions":{${EXTENSION}}}}`],
    ['{"capabilities":{"extensions":{"a":{}}}}', `{"capabilities":{"extensions":{${EXTENSION},"a":{}}}}`],
  ])('%s says that tasks are made', (before, after) => {
    expect(added(before)).toBe(`{"jsonrpc":"2.0","id":1,"result":${after}}`)
  })

  it.each([
    `{"capabilities":{"extensions":{${EXTENSION}}}}`,
    '{}',
    '{"capabilities":7}',
    '{"capabilities":{"extensions":[]}}',
  ])('%s stays as it is', (result) => {
    expect(added(result)).toBe(`{"jsonrpc":"2.0","id":1,"result":${result}}`)
  })
})

it.each([
  [{ extensions: { 'io.modelcontextprotocol/tasks': {} } }, true],
  [{ extensions: { 'io.modelcontextprotocol/tasks': true } }, false],
  [{ extensions: [] }, false],
  [{ tasks: {} }, false],
  [undefined, false],
])('a client that says %j takes tasks: %s', (capabilities, takes) => {
  const meta = capabilities === undefined ? {} : { 'io.modelcontextprotocol/clientCapabilities': capabilities }
  expect(takesTasks({ _meta: meta })).toBe(takes)
})

describe('what a reply means for its task', () => {
  it('keeps every byte of a result, an error, and of a question', () => {
    expect(meaningOf('{"id":1,"result":{ "n":12345678901234567890 }}')).toEqual([
      'completed',
      '{ "n":12345678901234567890 }',
    ])
    expect(meaningOf('{"id":1,"error":{"code":1,"message":"x"}}')).toEqual(['failed', '{"code":1,"message":"x"}'])
    const asks = '{"resultType":"input_required","requestState":"s"}'
    expect(meaningOf(`{"id":1,"result":${asks}}`)).toEqual(['input_required', asks])
  })

  it('is a failure where there is none, or another task', () => {
    expect(answerIn(undefined, 502).status).toBe('failed')
    expect(meaningOf('{"id":1,"result":{"resultType":"task","taskId":"x"}}')[0]).toBe('failed')
    expect(meaningOf('[]')[0]).toBe('failed')
  })

  it('is told as the extension wants it', () => {
    const state = (status: 'completed' | 'failed' | 'input_required' | 'working') =>
      JSON.parse(decodeUtf8(taskState('7', { ...TASK, status }, encodeUtf8('{"a":1}')))) as unknown
    const seen = {
      taskId: 't',
      createdAt: '1970-01-01T00:00:00.000Z',
      lastUpdatedAt: '1970-01-01T00:00:01.000Z',
      ttlMs: 60_000,
      pollIntervalMs: 5_000,
      resultType: 'complete',
    }
    for (const [status, key] of [
      ['completed', 'result'],
      ['failed', 'error'],
      ['input_required', 'inputRequests'],
    ] as const)
      expect(state(status)).toEqual({ jsonrpc: '2.0', id: 7, result: { ...seen, status, [key]: { a: 1 } } })
    expect(state('working')).toEqual({ jsonrpc: '2.0', id: 7, result: { ...seen, status: 'working' } })
    expect(decodeUtf8(taskCreated('"x"', TASK))).toContain('"id":"x","result":{"resultType":"task","taskId":"t"')
  })
})

it.each([
  ['{"id":1,"result":{}}', true],
  ['{"id":1,"error":{}}', true],
  ['{"method":"notifications/progress","params":{}}', false],
  ['{"id":1,"method":"ping","result":{}}', false],
])('%s is a reply: %s', (message, is) => {
  expect(isReply(encodeUtf8(message))).toBe(is)
})
