import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { ClientBody } from './parse.ts'
import {
  CAPABILITIES,
  headersOf,
  legacy,
  modern,
  read,
  readText,
  VERSION,
  without,
} from '../../test/support/mcp-messages.ts'

describe('a modern request', () => {
  it('is read with its target, its token and its id, as written', () => {
    const body = modern('tools/call', { name: 'execute_sql', arguments: { a: 1 } }, { progressToken: 7 })
    expect(read(body, headersOf('tools/call', 'execute_sql'))).toEqual({
      kind: 'one',
      message: {
        kind: 'request',
        id: '1',
        method: 'tools/call',
        era: 'modern',
        revision: '2026-07-28',
        target: 'execute_sql',
        progressToken: '7',
        params: body['params'],
        bytes: encodeUtf8(JSON.stringify(body)),
      },
    })
  })
  it('keeps an id longer than a number, and does not take 1 for "1"', () => {
    for (const id of ['12345678901234567890123', '"1"', '1', '"é"'])
      expect(readText(pingWith(id))).toMatchObject({ message: { id } })
    for (const id of ['null', '1.0', '1e3', '-0', 'true', '[1]', '{}', `"${'x'.repeat(2000)}"`])
      expect(readText(pingWith(id))).toMatchObject({ kind: 'fault', code: -32600, id: undefined })
  })
  it('may have its name in base64', () => {
    const headers = { ...headersOf('tools/call'), 'mcp-name': '=?base64?w6k=?=' }
    expect(read(modern('tools/call', { name: 'é' }), headers)).toMatchObject({ message: { target: 'é' } })
  })
  it('is a server/discover, when a client asks what it may speak', () => {
    expect(read(modern('server/discover'), headersOf('server/discover'))).toMatchObject({
      message: { era: 'modern', method: 'server/discover' },
    })
  })
})

describe('a modern request that is refused', () => {
  const call = modern('tools/call', { name: 'a' })
  const ok = headersOf('tools/call', 'a')
  it.each([
    ['without capabilities', without(call, CAPABILITIES), ok, { code: -32602, status: 400, reason: 'envelope' }],
    ['without a version in the body', without(call, VERSION), ok, { code: -32602, status: 400, reason: 'envelope' }],
    [
      'with capabilities that are no object',
      modern('tools/call', {}, { [CAPABILITIES]: [] }),
      ok,
      { code: -32602, status: 400 },
    ],
    ['with a version that is no text', modern('tools/call', {}, { [VERSION]: 7 }), ok, { code: -32602, status: 400 }],
    ['without a version header', call, { 'mcp-method': 'tools/call', 'mcp-name': 'a' }, { code: -32020, status: 400 }],
    [
      'with another version header',
      call,
      { ...ok, 'mcp-protocol-version': '2025-11-25' },
      { code: -32020, status: 400 },
    ],
    [
      'with a version of the future',
      modern('tools/call', {}, { [VERSION]: '2027-01-01' }),
      { ...ok, 'mcp-protocol-version': '2027-01-01' },
      { code: -32022, status: 400, data: { supported: ['2026-07-28'], requested: '2027-01-01' } },
    ],
    [
      'with a version of long ago',
      modern('tools/call', {}, { [VERSION]: '1999-01-01' }),
      { ...ok, 'mcp-protocol-version': '1999-01-01' },
      { code: -32022, status: 400 },
    ],
    ['with a method that was removed', modern('ping'), headersOf('ping'), { code: -32601, status: 404 }],
    ['with initialize', modern('initialize'), headersOf('initialize'), { code: -32601, status: 404 }],
    [
      'with a method that only servers send',
      modern('roots/list'),
      headersOf('roots/list'),
      { code: -32601, status: 404 },
    ],
    [
      'with a method of Object.prototype',
      modern('constructor'),
      headersOf('constructor'),
      { code: -32601, status: 404 },
    ],
    ['without the name of a tool', modern('tools/call', {}), ok, { code: -32602, status: 200 }],
    ['with a name that is no text', modern('tools/call', { name: { a: 1 } }), ok, { code: -32602, status: 200 }],
    [
      'with arguments in a list',
      modern('tools/call', { name: 'a', arguments: [1] }),
      ok,
      { code: -32602, status: 200 },
    ],
    [
      'with a progress token that is none',
      modern('tools/call', { name: 'a' }, { progressToken: 1.5 }),
      ok,
      { code: -32602 },
    ],
    [
      'without Mcp-Method',
      call,
      { ...headersOf('tools/call', 'a'), 'mcp-method': undefined },
      { code: -32020, status: 400 },
    ],
    ['with Mcp-Method in capitals', call, { ...ok, 'mcp-method': 'TOOLS/CALL' }, { code: -32020, status: 400 }],
    ['without Mcp-Name', call, headersOf('tools/call'), { code: -32020, status: 400 }],
    ['with another Mcp-Name', call, { ...ok, 'mcp-name': 'b' }, { code: -32020, status: 400 }],
    ['with a broken Mcp-Name', call, { ...ok, 'mcp-name': '=?base64?YQ?=' }, { code: -32020, status: 400 }],
    [
      'for a task under another name',
      modern('tasks/get', { taskId: 't' }),
      headersOf('tasks/get', 'u'),
      { code: -32020 },
    ],
  ] as const)('%s', (_what, body, headers, fault) => {
    expect(read(body, headers)).toMatchObject({ kind: 'fault', id: '1', ...fault })
  })
})

describe('a legacy message', () => {
  it('may carry stray modern headers', () => {
    expect(
      read(legacy('initialize', { protocolVersion: '2025-11-25' }), { 'mcp-method': 'something/else' }),
    ).toMatchObject({
      message: { era: 'legacy', revision: undefined, method: 'initialize' },
    })
  })
  it('has the revision of its header, or none', () => {
    expect(revisionOf('2025-06-18')).toMatchObject({ message: { revision: '2025-06-18' } })
    expect(revisionOf()).toMatchObject({ message: { revision: undefined } })
    expect(revisionOf('2024-10-07')).toMatchObject({ message: { revision: undefined } })
    expect(revisionOf('x'.repeat(500))).toMatchObject({ kind: 'fault', reason: 'version' })
  })
  it('knows the methods of its revision', () => {
    expect(read(legacy('tasks/list'), header('2025-11-25'))).toMatchObject({ kind: 'one' })
    expect(read(legacy('tasks/list'), header('2025-06-18'))).toMatchObject({ code: -32601, status: 200, id: '1' })
    expect(read(legacy('server/discover'))).toMatchObject({ code: -32601, status: 200 })
    expect(read(legacy('tools/explode'))).toMatchObject({ code: -32601, status: 200 })
  })
  it('is an answer when it has no method', () => {
    expect(readText('{"jsonrpc":"2.0","id":0,"result":{"roots":[]}}')).toMatchObject({
      message: { kind: 'answer', id: '0', failed: false },
    })
    expect(readText('{"jsonrpc":"2.0","id":"x","error":{"code":1}}')).toMatchObject({
      message: { kind: 'answer', failed: true },
    })
  })
  it('is a notification when it has no id, and then nobody is answered about its method', () => {
    expect(readText('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}')).toMatchObject({
      message: { kind: 'notification', era: 'legacy', params: { requestId: 1 } },
    })
    expect(readText('{"jsonrpc":"2.0","method":"notifications/unheard"}')).toMatchObject({ kind: 'fault', status: 202 })
  })
  it('may not be a call in the clothes of a notification, or the other way round', () => {
    expect(readText('{"jsonrpc":"2.0","method":"tools/call","params":{"name":"a"}}')).toMatchObject({
      reason: 'unknown_method',
      status: 202,
    })
    expect(readText('{"jsonrpc":"2.0","id":1,"method":"notifications/cancelled"}')).toMatchObject({
      reason: 'unknown_method',
      status: 200,
    })
  })
})

describe('an array', () => {
  it('is refused unless 2025-03-26 was negotiated', () => {
    expect(readText(batch(legacy('ping')), {}, false)).toMatchObject({ reason: 'batch', status: 400, code: -32600 })
    expect(readText(` \n${batch(legacy('ping'))}`, {}, true)).toMatchObject({
      kind: 'batch',
      messages: [{ method: 'ping' }],
    })
  })
  it('is judged element by element, each with its own bytes', () => {
    const found = readText(
      batch(legacy('ping'), legacy('no/such'), legacy('tools/call', {}), legacy('tools/list')),
      {},
      true,
    )
    expect(found).toMatchObject({
      kind: 'batch',
      messages: [{ kind: 'request' }, { reason: 'unknown_method' }, { reason: 'invalid_params' }, { kind: 'request' }],
    })
    const [first] = found.kind === 'batch' ? found.messages : []
    expect(first?.kind === 'request' ? decodeUtf8(first.bytes) : '').toBe(JSON.stringify(legacy('ping')))
  })
  it.each([
    ['nothing', '[]'],
    ['a modern element', batch(legacy('ping'), modern('tools/list'))],
    ['an initialize', batch(legacy('initialize'))],
    ['an array', '[[]]'],
    ['a word', '[1]'],
    ['a message without a version', '[{"id":1,"method":"ping"}]'],
    ['too many', batch(...Array.from({ length: 101 }, () => legacy('ping')))],
  ])('with %s in it is refused whole', (_what, text) => {
    expect(readText(text, {}, true)).toMatchObject({ kind: 'fault', reason: 'batch' })
  })
  it('is scanned as strictly as anything else', () => {
    expect(readText('[{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}]', {}, true)).toMatchObject({
      reason: 'duplicate_key',
    })
  })
})

function pingWith(id: string): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"ping"}`
}

function revisionOf(version?: string): ClientBody {
  return read(legacy('tools/list'), header(version))
}

function header(version?: string) {
  return { 'mcp-protocol-version': version }
}

function batch(...messages: readonly JsonObject[]): string {
  return JSON.stringify(messages)
}
