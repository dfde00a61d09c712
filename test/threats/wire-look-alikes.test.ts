// What policy judged must be what the server reads, whichever reader it has: the first key wins or the last, names with
// case or without (protocol.md, 7.2). The readers below stand for those of other languages.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../../src/base/bytes.ts'
import type { JsonMember } from '../../src/base/json-scan.ts'
import { membersAt } from '../../src/protocol/places.ts'
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
        for (const reader of READERS) expect(callAsRead(bytes, reader)).toEqual({ method, name: target })
      }),
      { numRuns: 3000 },
    )
    // A test that never gets to its point would prove nothing.
    expect(accepted).toBeGreaterThan(20)
  })
})

/** Calls of `good` with more keys beside, spelled in many ways, that could make it a call of `evil`. */
function smuggled() {
  const inParams = fc.array(fc.oneof(written('name', ['"evil"', '"good"']), written('other', ['1'])), { maxLength: 2 })
  const onTop = fc.array(
    fc.oneof(
      written('method', ['"tools/call"', '"tools/list"']),
      written('params', ['{"name":"evil"}']),
      written('more', ['1']),
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

function written(name: string, values: readonly string[]) {
  return fc.tuple(spellings(name), fc.constantFrom(...values)).map(([spelled, value]) => `"${spelled}":${value}`)
}

function spellings(name: string) {
  return fc.constantFrom(
    name,
    name.toUpperCase(),
    `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`,
    ` ${name}`,
    `${name}x`,
  )
}

/** Which of the members that a key may mean a reader takes. */
type Reader = (members: readonly JsonMember[], key: string) => JsonMember | undefined

const READERS: readonly Reader[] = [
  (members, key) => members.find((member) => member.key === key),
  (members, key) => members.findLast((member) => member.key === key),
  (members, key) => members.find((member) => member.key.toLowerCase() === key),
  (members, key) => members.findLast((member) => member.key.toLowerCase() === key),
]

function callAsRead(bytes: Uint8Array, reader: Reader): { method: unknown; name: unknown } {
  const top = membersAt(bytes, 0)
  const params = membersAt(bytes, reader(top, 'params')?.start ?? 0)
  return { method: valueOf(bytes, reader(top, 'method')), name: valueOf(bytes, reader(params, 'name')) }
}

function valueOf(bytes: Uint8Array, member: JsonMember | undefined): unknown {
  return member === undefined ? undefined : JSON.parse(decodeUtf8(bytes, member.start, member.end))
}
