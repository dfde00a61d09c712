import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { scopeBook } from '../../test/support/masking/scope-book.ts'
import { Document } from './document.ts'
import { maskMessage } from './engine.ts'
import { makeRuleSet } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { structuralSpans } from './structural.ts'
import { MessageBook } from './surrogates/message-book.ts'

const scanners = new Scanners([])
const MAIL = 'joe@example.com'

describe('what must not pass, in a member that the protocol itself reads,', () => {
  it.each([
    ['the name of a tool', { method: 'tools/call', params: { name: MAIL, arguments: {} } }],
    ['the name of a method', { method: MAIL }],
    ['the id of a task', { method: 'tasks/get', params: { taskId: MAIL } }],
  ])('stops the message: %s', (_, members) => {
    expect(tried({ jsonrpc: '2.0', id: 1, ...members }, 'block')).toBe('policy-block')
  })

  it('stops nothing where nobody reads it on the way, for it is sealed', () => {
    for (const members of [{ nextCursor: MAIL }, { requestState: MAIL }])
      expect(tried({ jsonrpc: '2.0', id: 1, result: members }, 'block')).toBe('clean')
  })

  it('stays as it is where it is only to be hidden, since it would be another message', () => {
    expect(tried({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: MAIL } }, 'redact')).toBe('clean')
  })
})

describe('where the protocol is written', () => {
  it.each([
    [
      'members of a message',
      { id: 'a', result: { taskId: 'b', task: { taskId: 'c' }, other: 1 } },
      ['"a"', '"b"', '"c"'],
    ],
    [
      'none of what it carries',
      { id: 'a', result: { content: [{ id: 1 }], task: { id: 2 }, type: { id: 3 } } },
      ['"a"'],
    ],
    ['not there in a bare message', {}, []],
  ])('are %s', (_, members, texts) => {
    expect(structuralTexts(JSON.stringify({ jsonrpc: '2.0', ...members }))).toEqual(['"2.0"', ...texts])
  })

  it('the first of members with the same name counts, and a document that is no message has none', () => {
    expect(structuralTexts('{"jsonrpc":"2.0","id":1,"id":2,"method":{},"method":"x"}')).toEqual(['"2.0"', '1'])
    expect(structuralTexts('{"id":1,"method":"x"}')).toEqual([])
  })
})

function structuralTexts(text: string): string[] {
  return structuralSpans(new Document(encodeUtf8(text))).map(({ start, end }) => text.slice(start, end))
}

function tried(message: object, action: 'block' | 'redact'): string {
  const terms = [{ entities: ['email'], with: action }]
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
  const book = new MessageBook(scopeBook(), { upstream: 'db', tool: 'find', path: '', atMs: 0 })
  const asked = { scanner: scanners.for(rules), rules, book, restored: [], schema: undefined, binary: 'pass' } as const
  const masked = maskMessage(encodeUtf8(JSON.stringify(message)), asked)
  return masked.kind === 'refused' ? masked.why : masked.kind
}
