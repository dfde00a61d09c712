import { expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { type JsonValue, stringifyJson } from '../base/json.ts'
import { maskMessage } from './engine.ts'
import { makeRuleSet } from './rule-set.ts'
import { Scanners } from './scanners.ts'

const MAIL = 'ann@example.com'
const OTHER = 'bob@example.com'
const RULES = makeRuleSet({
  profile: 'default',
  side: 'results',
  terms: [{ entities: ['email'], with: 'redact' }],
  own: [],
})
const SCANNER = new Scanners([]).for(RULES)

it('what the protocol itself writes in a message stays, also where it looks like a value', () => {
  const message = { jsonrpc: '2.0', id: OTHER, result: { taskId: OTHER, content: [{ type: 'text', text: MAIL }] } }
  expect(masked(message)).toBe(
    `{"jsonrpc":"2.0","id":"${OTHER}","result":{"taskId":"${OTHER}","content":[{"type":"text","text":"redacted:email"}]}}`,
  )
})

it.each([
  ['in base64', (text: string) => ({ uri: 'x:y', mimeType: 'application/json', blob: btoa(text) })],
  ['as a text', (text: string) => ({ uri: 'x:y', mimeType: 'application/json', text })],
])('a document %s has no protocol: what it calls id or method is data', (_, resource) => {
  for (const document of [{ id: MAIL }, { jsonrpc: '2.0', id: 1, method: MAIL, params: { name: MAIL } }]) {
    const text = masked({ jsonrpc: '2.0', id: 1, result: { contents: [resource(stringifyJson(document))] } })
    const blob = /"blob":"([^"]+)"/.exec(text)?.[1]
    expect(text).not.toContain(MAIL)
    expect(blob === undefined ? text : atob(blob)).toContain('redacted:email')
    expect(blob === undefined ? '' : atob(blob)).not.toContain(MAIL)
  }
})

it('a document that is no message has none either', () => {
  expect(masked({ id: MAIL })).toBe('{"id":"redacted:email"}')
})

function masked(message: JsonValue): string {
  const result = maskMessage(encodeUtf8(stringifyJson(message)), {
    scanner: SCANNER,
    rules: RULES,
    book: { mint: () => undefined, alias: () => false, hash: () => '' },
    restored: [],
    schema: undefined,
    binary: 'pass',
  })
  return result.kind === 'refused' ? result.why : decodeUtf8(result.bytes)
}
