import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { scopeBook } from '../../test/support/masking/scope-book.ts'
import { Document } from './document.ts'
import { maskMessage, type MaskResult } from './engine.ts'
import { makeRuleSet, type Terms } from './rule-set.ts'
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
    const prefix = 'io.modelcontextprotocol'
    for (const meta of [{ [`${prefix}/subscriptionId`]: MAIL }, { [`${prefix}/related-task`]: { taskId: MAIL } }]) {
      const params = { _meta: meta }
      expect(tried({ jsonrpc: '2.0', method: 'notifications/message', params }, 'redact')).toBe('clean')
      expect(tried({ jsonrpc: '2.0', id: 1, result: params }, 'redact')).toBe('clean')
    }
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
      'the task or subscription that it belongs to',
      {
        params: {
          _meta: {
            'io.modelcontextprotocol/subscriptionId': 'a',
            'io.modelcontextprotocol/related-task': { taskId: 'b', note: 'c' },
            'example.com/related-task': { taskId: 'd' },
          },
        },
      },
      ['"a"', '"b"'],
    ],
    [
      'tasks of a list, and nothing else of them',
      {
        result: {
          tasks: [{ taskId: 'a', status: 'b' }, [{ taskId: 'c' }], { taskId: 'd', task: { taskId: 'e' } }, 'f'],
        },
      },
      ['"a"', '"d"'],
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

describe('words of the protocol', () => {
  const words = [
    'jsonrpc',
    'result',
    'content',
    'structuredContent',
    'isError',
    'mimeType',
    'text',
    'image',
    'resource_link',
    'png',
  ]

  it.each(words)('stay where a value is the same word: %s', (word) => {
    const content = [
      { type: 'text', text: `it is ${word}` },
      { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
      { type: 'resource_link', uri: 'a:b', name: 'c' },
    ]
    const message = (secret: string, said: string): object => {
      const result = { content: [{ ...content[0], text: said }, ...content.slice(1)], isError: false }
      return { jsonrpc: '2.0', id: 1, result: { ...result, structuredContent: { password: secret } } }
    }
    const masked = JSON.parse(hidden(message(word, `it is ${word}`)))
    const said = masked.result.content[0].text
    expect(masked).toEqual(message('redacted:password', said))
    expect(said).toMatch(/^it is (?:redacted:password|\S+)$/)
  })

  it('are hidden in what a tool says, whatever its members are called', () => {
    const structuredContent = { password: 'mimeType', list: [{ type: 'mimeType', mimeType: 1 }] }
    const masked = JSON.parse(hidden({ jsonrpc: '2.0', id: 1, result: { content: [], structuredContent } }))
    expect(JSON.stringify(masked.result.structuredContent)).not.toContain('mimeType')
  })
})

function structuralTexts(text: string): string[] {
  return structuralSpans(new Document(encodeUtf8(text))).map(({ start, end }) => text.slice(start, end))
}

function tried(message: object, action: 'block' | 'redact'): string {
  const masked = maskedBy(message, [{ entities: ['email'], with: action }])
  return masked.kind === 'refused' ? masked.why : masked.kind
}

function hidden(message: object): string {
  const masked = maskedBy(message, [])
  return masked.kind === 'refused' ? masked.why : decodeUtf8(masked.bytes)
}

function maskedBy(message: object, terms: readonly Terms[]): MaskResult {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
  const book = new MessageBook(scopeBook(), { upstream: 'db', tool: 'find', path: '', atMs: 0 })
  const asked = { scanner: scanners.for(rules), rules, book, restored: [], schema: undefined, binary: 'pass' } as const
  return maskMessage(encodeUtf8(JSON.stringify(message)), asked)
}
