// What policy judged must be what the server reads, whichever reader it has: the first key wins or the last, names with
// case or without (protocol.md, 7.2). The readers below stand for those of other languages.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../../src/base/bytes.ts'
import { headersOf, readText } from '../support/mcp-messages.ts'

const TOP = ['jsonrpc', 'id', 'method', 'params', 'result', 'error']
const PARAMS = ['name', 'arguments', 'uri', '_meta', 'cursor', 'ref', 'requestState', 'inputResponses', 'taskId']
const META = ['protocolVersion', 'clientCapabilities', 'clientInfo'].map((key) => `io.modelcontextprotocol/${key}`)
const ENVELOPE =
  '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}'

describe.each([
  ['the message', TOP, (key: string) => `{"jsonrpc":"2.0","id":1,"method":"ping",${key}:{}}`],
  ['params', PARAMS, (key: string) => `{"jsonrpc":"2.0","id":1,"method":"ping","params":{${key}:{}}}`],
  ['_meta', META, (key: string) => `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{${key}:{}}}}`],
] as const)('a look-alike of a key of %s', (_where, keys, message) => {
  it.each(keys)('%s is refused in any case, with or without the real one', (key) => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: key.length, maxLength: key.length }), (upper) => {
        const twin = Array.from(key, (letter, i) => (upper[i] === true ? letter.toUpperCase() : letter)).join('')
        fc.pre(twin !== key)
        expect(readText(message(JSON.stringify(twin)))).toMatchObject({
          kind: 'fault',
          reason: 'look_alike_key',
          id: '1',
        })
      }),
      { numRuns: 30 },
    )
  })
  it.each(keys.filter((key) => /[sk]/.test(key)))('%s is refused with letters that only fold to it', (key) => {
    const twin = key.replaceAll('s', '\u017f').replaceAll('k', '\u212a')
    expect(readText(message(JSON.stringify(twin)))).toMatchObject({ kind: 'fault', reason: 'look_alike_key' })
  })
  it.each(keys)('%s is refused when its case is hidden in escapes', (key) => {
    const twin = Array.from(
      key.toUpperCase(),
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ).join('')
    fc.pre(key !== key.toUpperCase())
    expect(readText(message(`"${twin}"`))).toMatchObject({ kind: 'fault', reason: 'look_alike_key' })
  })
})

describe('a twin of what a completion is about', () => {
  it('is refused', () => {
    const text =
      '{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"a","Name":"b"}}}'
    expect(readText(text)).toMatchObject({ kind: 'fault', reason: 'look_alike_key' })
  })
})

describe('a message that is accepted', () => {
  it('says the same to readers of every kind', () => {
    let accepted = 0
    fc.assert(
      fc.property(smuggled(), (text) => {
        const found = readText(text, headersOf('tools/call', 'good'))
        if (found.kind !== 'one' || found.message.kind !== 'request') return
        accepted += 1
        const { method, target, bytes } = found.message
        for (const reader of [firstWins, lastWins, caseless])
          expect(reader(decodeUtf8(bytes))).toEqual({ method, name: target })
      }),
      { numRuns: 3000 },
    )
    // A test that never gets to its point would prove nothing.
    expect(accepted).toBeGreaterThan(20)
  })
})

/** Calls of `good` with more keys beside, spelled in many ways, that could make it a call of `evil`. */
function smuggled() {
  const key = (name: string) =>
    fc.constantFrom(
      name,
      name.toUpperCase(),
      `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`,
      ` ${name}`,
      `${name}x`,
    )
  const member = (name: string, values: readonly string[]) =>
    fc.tuple(key(name), fc.constantFrom(...values)).map(([spelled, value]) => `"${spelled}":${value}`)
  const inParams = fc.array(fc.oneof(member('name', ['"evil"', '"good"']), member('other', ['1'])), { maxLength: 2 })
  const onTop = fc.array(
    fc.oneof(
      member('method', ['"tools/call"', '"tools/list"']),
      member('params', ['{"name":"evil"}']),
      member('more', ['1']),
    ),
    { maxLength: 2 },
  )
  return fc.tuple(onTop, inParams, fc.boolean()).map(([top, params, before]) => {
    const inner = [`"_meta":{${ENVELOPE}}`, ...params, '"name":"good"']
    const outer = [
      '"jsonrpc":"2.0","id":1,"method":"tools/call"',
      `"params":{${(before ? inner : inner.toReversed()).join(',')}}`,
    ]
    return `{${(before ? [...outer, ...top] : [...top, ...outer]).join(',')}}`
  })
}

interface Read {
  readonly method: unknown
  readonly name: unknown
}

function lastWins(text: string): Read {
  const message = JSON.parse(text) as { method: unknown; params: { name: unknown } }
  return { method: message.method, name: message.params.name }
}

/** `JSON.parse` calls back for the members that are left, so the first one is found by turning the twins around. */
function firstWins(text: string): Read {
  const method = valuesOf(text, 'method')[0]
  return { method, name: valuesOf(text, 'name')[0] }
}

function caseless(text: string): Read {
  return { method: valuesOf(text, 'method', 'i').at(-1), name: valuesOf(text, 'name', 'i').at(-1) }
}

/** The texts behind a key, in the order they stand, after the escapes of keys were undone. */
function valuesOf(text: string, key: string, flags = ''): unknown[] {
  const plain = text.replaceAll(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Array.from(plain.matchAll(new RegExp(`"${key}":"([^"]*)"`, `g${flags}`)), (found) => found[1])
}
