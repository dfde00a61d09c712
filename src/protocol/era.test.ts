import { classifyInboundRequest } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../base/json.ts'
import {
  CAPABILITIES,
  headersOf,
  type HeadersLike,
  legacy,
  modern,
  readText,
  VERSION,
  without,
} from '../../test/support/mcp-messages.ts'

describe('the question of eras is answered as the SDK answers it', () => {
  const cases: readonly (readonly [string, JsonObject | readonly JsonObject[], HeadersLike])[] = [
    ['initialize', legacy('initialize', { protocolVersion: '2025-11-25' }), {}],
    ['initialize with a modern header', legacy('initialize'), { 'mcp-protocol-version': '2026-07-28' }],
    ['initialize with a modern claim', modern('initialize'), headersOf('initialize')],
    ['initialize with half a claim', without(modern('initialize'), CAPABILITIES), {}],
    ['no claim', legacy('tools/list'), { 'mcp-protocol-version': '2025-06-18' }],
    ['no claim and no header', legacy('tools/list'), {}],
    ['no claim, stray headers', legacy('tools/list'), { 'mcp-method': 'x', 'mcp-name': 'y' }],
    ['no claim, modern header', legacy('tools/list'), { 'mcp-protocol-version': '2026-07-28' }],
    ['no claim, header of the future', legacy('tools/list'), { 'mcp-protocol-version': '2027-01-01' }],
    ['claim', modern('tools/list'), headersOf('tools/list')],
    [
      'claim, padded headers',
      modern('tools/list'),
      { 'mcp-protocol-version': ' 2026-07-28\t', 'mcp-method': ' tools/list ' },
    ],
    [
      'claim, header differs',
      modern('tools/list'),
      { ...headersOf('tools/list'), 'mcp-protocol-version': '2025-11-25' },
    ],
    ['claim, method header differs', modern('tools/list'), headersOf('tools/call')],
    ['claim without capabilities', without(modern('tools/list'), CAPABILITIES), headersOf('tools/list')],
    ['claim that is no text', modern('tools/list', {}, { [VERSION]: 1 }), headersOf('tools/list')],
    ['notification', { jsonrpc: '2.0', method: 'notifications/cancelled' }, {}],
    [
      'notification, modern header',
      { jsonrpc: '2.0', method: 'notifications/cancelled' },
      headersOf('notifications/cancelled'),
    ],
    [
      'notification, modern claim',
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { _meta: { [VERSION]: '2026-07-28' } } },
      {},
    ],
    [
      'notification, claim and header differ',
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { _meta: { [VERSION]: '2026-07-28' } } },
      { 'mcp-protocol-version': '2025-11-25' },
    ],
    [
      'notification, malformed claim',
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { _meta: { [VERSION]: 1 } } },
      {},
    ],
    [
      'notification, method header differs',
      { jsonrpc: '2.0', method: 'notifications/cancelled' },
      headersOf('notifications/other'),
    ],
    ['answer', { jsonrpc: '2.0', id: 1, result: {} }, {}],
    ['answer, modern header', { jsonrpc: '2.0', id: 1, result: {} }, { 'mcp-protocol-version': '2026-07-28' }],
    ['error answer', { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'x' } }, {}],
    ['empty array', [], {}],
    ['legacy array', [legacy('ping')], {}],
    ['array with a modern element', [legacy('ping'), modern('tools/list')], {}],
    ['array with an invalid element', [{ jsonrpc: '2.0' }], {}],
    ['neither request nor answer', { jsonrpc: '2.0' }, {}],
    ['not JSON-RPC', { hello: 1 }, {}],
    ['JSON-RPC 1.0', { jsonrpc: '1.0', id: 1, method: 'ping' }, {}],
    ['id null', { jsonrpc: '2.0', id: null, method: 'ping' }, {}],
    ['float id', { jsonrpc: '2.0', id: 1.5, method: 'ping' }, {}],
    ['positional params', { jsonrpc: '2.0', id: 1, method: 'ping', params: [] }, {}],
  ]
  it.each(cases)('%s', (_what, body, headers) => {
    expect(ours(body, headers)).toEqual(theirs(body, headers))
  })
})

/** The era, or the error: what a client would see of the difference. */
function ours(body: JsonObject | readonly JsonObject[], headers: HeadersLike): unknown {
  const found = readText(JSON.stringify(body), headers, true)
  switch (found.kind) {
    case 'fault':
      // Whether a method or its params are known is asked later there, so here the era is what can be compared.
      return found.reason === 'unknown_method'
        ? found.status === 404
          ? 'modern'
          : 'legacy'
        : { status: found.status, code: found.code }
    case 'one':
      return found.message.era
    case 'batch':
      return 'legacy'
  }
}

function theirs(body: unknown, headers: HeadersLike): unknown {
  const found = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...(headers['mcp-protocol-version'] === undefined
      ? {}
      : { protocolVersionHeader: headers['mcp-protocol-version'] }),
    ...(headers['mcp-method'] === undefined ? {} : { mcpMethodHeader: headers['mcp-method'] }),
    ...(headers['mcp-name'] === undefined ? {} : { mcpNameHeader: headers['mcp-name'] }),
  })
  return found.kind === 'reject' ? { status: found.httpStatus, code: found.code } : found.kind
}
