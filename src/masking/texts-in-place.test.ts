import { describe, expect, it } from 'vitest'
import { scopeBook } from '../../test/support/masking/scope-book.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { maskMessage } from './engine.ts'
import { makeRuleSet } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { MessageBook } from './surrogates/message-book.ts'

const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
const scanner = new Scanners([]).for(rules)

describe('a text of JSON in a text', () => {
  it.each(['maple4821\\', 'maple4821\\\\', '\\maple4821\\'])(
    'that ends with backslashes stays a text, and the same as elsewhere: %j',
    (password) => {
      const json = JSON.stringify({ password, n: 1 })
      for (const text of [json, `Found: ${json}`, `${json}\n${json}`, JSON.stringify({ json })]) {
        const { row, copy } = mask({ row: { password }, copy: text })
        const inner = copy
          .replace(/^\w+: /, '')
          .split('\n')
          .map((line) => JSON.parse(line))
        const rows = inner.map((one) => (one.json === undefined ? one : JSON.parse(one.json)))
        expect(rows).toEqual(rows.map(() => ({ ...row, n: 1 })))
        expect(copy).not.toContain('maple')
      }
    },
  )
})

function mask(members: object): { row: object; copy: string } {
  const book = new MessageBook(scopeBook(), { upstream: 'db', tool: 'find', path: '', atMs: 0 })
  const asked = { scanner, rules, book, restored: [], schema: undefined, binary: 'pass' } as const
  const message = JSON.stringify({ jsonrpc: '2.0', id: 1, result: members })
  const masked = maskMessage(encodeUtf8(message), asked)
  if (masked.kind === 'refused') throw new Error(masked.why)
  return JSON.parse(decodeUtf8(masked.bytes)).result
}
