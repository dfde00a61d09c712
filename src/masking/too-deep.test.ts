import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8, toBase64 } from '../base/bytes.ts'
import { maskMessage } from './engine.ts'
import type { Action } from './replace/actions.ts'
import { makeRuleSet, type Terms } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { REDACTING } from './surrogates/book.ts'

const scanners = new Scanners([])
/** What no message may exceed, whatever is configured. */
const DEPTH_MAX = 512

function masked(text: string, terms: readonly Terms[] = []): string {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
  const result = maskMessage(encodeUtf8(text), {
    scanner: scanners.for(rules),
    rules,
    book: REDACTING,
    restored: [],
    schema: undefined,
    binary: 'pass',
  })
  return result.kind === 'refused' ? result.why : decodeUtf8(result.bytes)
}

/** `depth` lists around a value. */
function nested(value: string, depth: number): string {
  return `${'['.repeat(depth)}${value}${']'.repeat(depth)}`
}

describe('a message that nests deep', () => {
  const field = [{ fields: ['**.note'], with: 'redact' as Action }]

  it('is masked like any other as long as its structure can be read', () => {
    expect(masked(nested('{"password":"pw"}', DEPTH_MAX - 1))).toContain('{"password":"redacted:password"}')
    expect(masked(nested('{"note":"x"}', DEPTH_MAX - 1), field)).toContain('{"note":"redacted:field"}')
  })

  it('does not pass beyond that where there is something to hide', () => {
    expect(masked(nested('{"password":"pw"}', DEPTH_MAX))).toBe('too-deep')
    expect(masked(nested('4111111111111111', DEPTH_MAX + 1))).toBe('too-deep')
    expect(masked(nested('{"note":"x"}', DEPTH_MAX), field)).toBe('too-deep')
  })

  it('is a text like any other inside of a message', () => {
    const deep = nested('"ann@example.com"', DEPTH_MAX + 1)
    expect(masked(JSON.stringify({ text: deep }))).toContain('redacted:email')
    const blob = toBase64(encodeUtf8(deep))
    expect(masked(JSON.stringify({ uri: 'x:y', mimeType: 'text/plain', blob }))).not.toMatch(/too-deep/)
    expect(masked(JSON.stringify({ uri: 'x:y', mimeType: 'text/plain', blob }))).not.toContain(blob)
  })

  it('is no message where it is no JSON', () => {
    expect(masked(`${'['.repeat(20)} ann@example.com`)).toBe(`${'['.repeat(20)} redacted:email`)
  })
})
