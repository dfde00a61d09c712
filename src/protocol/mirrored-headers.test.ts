import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts'
import type { ClientRequest } from './message.ts'
import { checkParamHeaders, mirrorHeaders } from './mirrored-headers.ts'
import { paramHeadersOf } from './param-headers.ts'

describe('a mirrored value', () => {
  it.each([
    ['us-west1', 'us-west1'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['two words', 'two words'],
    ['=?base64?half', '=?base64?half'],
    ['', ''],
  ])('%j is carried as %s', (text, header) => {
    expect(encodeHeaderValue(text)).toBe(header)
    expect(decodeHeaderValue(header)).toBe(text)
  })
  it.each(['=?base64?QQ?=', '=?base64?QQ=?=', '=?base64?Q!==?=', '=?base64?/w==?=', '=?base64? QQ== ?='])(
    '%s is no value at all',
    (header) => {
      expect(decodeHeaderValue(header)).toBeUndefined()
    },
  )
  it('has no white space around it, and upper-case marks are text', () => {
    expect(decodeHeaderValue('\t echo ')).toBe('echo')
    expect(decodeHeaderValue('=?BASE64?QQ==?=')).toBe('=?BASE64?QQ==?=')
  })
  it('comes back as it went, and could always be sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const header = encodeHeaderValue(text)
        expect(header).toMatch(/^[ -~]*$/)
        expect(decodeHeaderValue(header)).toBe(text)
      }),
    )
  })
})

describe('an annotated schema', () => {
  it('names its headers through properties alone', () => {
    const nested = { type: 'object', properties: { zone: { type: 'integer', 'x-mcp-header': 'Zone' } } }
    expect(
      paramHeadersOf({ properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, place: nested } }),
    ).toEqual([
      { path: ['region'], name: 'region', type: 'string' },
      { path: ['place', 'zone'], name: 'zone', type: 'integer' },
    ])
    expect(paramHeadersOf({ anyOf: [{ properties: { a: { type: 'string', 'x-mcp-header': 'A' } } }] })).toEqual([])
  })
  it.each([
    ['an empty name', { a: { type: 'string', 'x-mcp-header': '' } }],
    ['a name with a space', { a: { type: 'string', 'x-mcp-header': 'a b' } }],
    ['a name with a line end', { a: { type: 'string', 'x-mcp-header': 'a\r\nX: y' } }],
    ['a name that is none', { a: { type: 'string', 'x-mcp-header': 7 } }],
    ['a number', { a: { type: 'number', 'x-mcp-header': 'A' } }],
    ['an object', { a: { type: 'object', 'x-mcp-header': 'A' } }],
    [
      'two names that differ in case',
      { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } },
    ],
  ])('with %s has no headers', (_what, properties) => {
    expect(paramHeadersOf({ properties })).toEqual([])
  })
})

describe('headers that mirror arguments', () => {
  it.each([
    ['agree', { region: 'us' }, { 'mcp-param-region': 'us' }, undefined],
    ['agree in base64', { region: 'é' }, { 'mcp-param-region': '=?base64?w6k=?=' }, undefined],
    ['agree as numbers', { level: 42 }, { 'mcp-param-level': '42.0' }, undefined],
    ['agree as booleans', { loud: true }, { 'mcp-param-loud': 'true' }, undefined],
    ['are not expected for null', { region: null }, {}, undefined],
    ['are not expected for nothing', {}, {}, undefined],
    ['are of no account where the argument is absent', {}, { 'mcp-param-region': 'us' }, undefined],
    [
      'may be of a name that nobody annotated',
      { region: 'us' },
      { 'mcp-param-region': 'us', 'mcp-param-x': '1' },
      undefined,
    ],
    ['are missing', { region: 'us' }, {}, 'header_mismatch'],
    ['differ', { region: 'us' }, { 'mcp-param-region': 'eu' }, 'header_mismatch'],
    ['differ in case', { region: 'us' }, { 'mcp-param-region': 'US' }, 'header_mismatch'],
    ['are no base64', { region: 'us' }, { 'mcp-param-region': '=?base64?!?=' }, 'header_mismatch'],
    ['are another number', { level: 42 }, { 'mcp-param-level': '43' }, 'header_mismatch'],
    ['are a number in words', { level: 42 }, { 'mcp-param-level': '0x2a' }, 'header_mismatch'],
  ] as const)('%s: %j %j', (_what, args, headers, reason) => {
    const fault = checkParamHeaders(callWith(args), headers, SCHEMA)
    expect(fault?.reason).toBe(reason)
    expect(fault === undefined || (fault.status === 400 && fault.code === -32020)).toBe(true)
  })
})

describe('headers of a changed body', () => {
  it('say what the new body says', () => {
    const body = {
      method: 'tools/call',
      params: { name: 'échо', arguments: { region: '[masked] ', level: 3, loud: false } },
    }
    expect(mirrorHeaders(encodeUtf8(JSON.stringify(body)), SCHEMA)).toEqual({
      'mcp-method': 'tools/call',
      'mcp-name': encodeHeaderValue('échо'),
      'mcp-param-region': encodeHeaderValue('[masked] '),
      'mcp-param-level': '3',
      'mcp-param-loud': 'false',
    })
  })
  it('have no name where the method has none', () => {
    expect(mirrorHeaders(encodeUtf8('{"method":"tools/list","params":{"name":"x"}}'))).toEqual({
      'mcp-method': 'tools/list',
    })
  })
})

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    level: { type: 'integer', 'x-mcp-header': 'Level' },
    loud: { type: 'boolean', 'x-mcp-header': 'Loud' },
  },
}

function callWith(args: JsonObject): ClientRequest {
  return {
    kind: 'request',
    id: '1',
    method: 'tools/call',
    era: 'modern',
    revision: '2026-07-28',
    target: 'x',
    progressToken: undefined,
    params: { name: 'x', arguments: args },
    bytes: new Uint8Array(),
  }
}
