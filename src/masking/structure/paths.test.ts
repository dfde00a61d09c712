import { assert as assertAll, constantFrom, jsonValue, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import type { Located } from './locate.ts'
import { compilePath, coversPath, findPaths, lastLiteral, matchesPath, type PathPattern } from './paths.ts'
import { Structure } from './structure.ts'

function compiled(text: string, isExact = false): PathPattern {
  const pattern = compilePath(text, { isExact })
  if ('mistake' in pattern) throw new Error(`${text}: ${pattern.mistake}`)
  return pattern
}

function read(message: unknown): Structure {
  const structure = Structure.of(encodeUtf8(JSON.stringify(message)))
  if (structure === undefined) throw new Error('this is a document')
  return structure
}

function named(pattern: PathPattern, message: Structure): string[] {
  const paths: string[] = []
  findPaths([pattern], message, ({ structure, token }) => paths.push(structure.path(token)))
  return paths
}

function covered(text: string): string[] {
  const pattern = compiled(text)
  return everything(message)
    .filter(({ structure, token }) => coversPath(pattern, structure, token))
    .map(({ structure, token }) => structure.path(token))
}

/** All tokens of a message and of the documents in it. */
function everything(message: Structure): Located[] {
  const all: Located[] = []
  const queue = [message]
  for (const structure of queue) {
    for (let token = 0; token < structure.length; token += 1) {
      all.push({ structure, token })
      const inner = structure.inner(token)
      if (inner !== undefined) queue.push(inner)
    }
  }
  return all
}

const rows = [
  { ssn: 1, Owner: { password_hash: 'x' } },
  { ssn: 2, 'a.b': 3 },
]
const message = read({
  id: 7,
  result: {
    content: [{ text: JSON.stringify({ rows, iban: 'y' }) }],
    structuredContent: { rows, result: { ssn: 3 }, größe: 4 },
  },
})

describe('a path pattern', () => {
  it.each([
    [
      'result.structuredContent.rows[*].ssn',
      ['result.structuredContent.rows[0].ssn', 'result.structuredContent.rows[1].ssn'],
    ],
    ['$.result.structuredContent.rows[1].ssn', ['result.structuredContent.rows[1].ssn']],
    ['rows[1]["a.b"]', ['result.structuredContent.rows[1]["a.b"]', 'result.content[0].text#rows[1]["a.b"]']],
    ['**#**.iban', ['result.content[0].text#iban']],
    ['text#rows[0].ssn', ['result.content[0].text#rows[0].ssn']],
    ['#iban', ['result.content[0].text#iban']],
    [
      '*.password_hash',
      ['result.structuredContent.rows[0].Owner.password_hash', 'result.content[0].text#rows[0].Owner.password_hash'],
    ],
    [
      '**.PASSWORD_Hash',
      ['result.structuredContent.rows[0].Owner.password_hash', 'result.content[0].text#rows[0].Owner.password_hash'],
    ],
    ['owner', ['result.structuredContent.rows[0].Owner', 'result.content[0].text#rows[0].Owner']],
    ['structuredContent.*.ssn', ['result.structuredContent.result.ssn']],
    ['structuredContent.*[0]', ['result.structuredContent.rows[0]']],
    ['structuredContent.*.*.ssn', ['result.structuredContent.rows[0].ssn', 'result.structuredContent.rows[1].ssn']],
    [
      'pass*_h*h',
      ['result.structuredContent.rows[0].Owner.password_hash', 'result.content[0].text#rows[0].Owner.password_hash'],
    ],
    ['result.**.größe', ['result.structuredContent.größe']],
    ['result.ssn', []],
    ['$.ssn', []],
    ['nothing', []],
  ])('%s names %j', (text, wanted) => {
    expect(named(compiled(text), message)).toEqual(wanted)
  })

  it.each(['*.ssn', 'ssn', '**.ssn'])('%s finds a field wherever it is', (text) => {
    expect(named(compiled(text), message)).toHaveLength(5)
  })

  it('names a key however its letters are escaped', () => {
    const structure = Structure.of(encodeUtf8(String.raw`{"p\u0061ssword":1,"passwor\u0064s":2,"gr\u00f6\u00dfe":3}`))
    if (structure === undefined) throw new Error('this is a document')
    expect(named(compiled('password'), structure)).toEqual(['password'])
    expect(named(compiled('größe'), structure)).toEqual(['größe'])
  })

  it('that allows something takes names by their case, and leads into texts by # alone', () => {
    expect(named(compiled('owner', true), message)).toEqual([])
    expect(named(compiled('Owner', true), message)).toEqual(['result.structuredContent.rows[0].Owner'])
    expect(named(compiled('**.ssn', true), message)).toHaveLength(3)
    expect(named(compiled('**.text#**.ssn', true), message)).toHaveLength(2)
  })

  it('covers everything in what it names, texts with documents included', () => {
    expect(covered('$.result.structuredContent.rows[0]')).toEqual([
      'result.structuredContent.rows[0]',
      'result.structuredContent.rows[0].ssn',
      'result.structuredContent.rows[0].Owner',
      'result.structuredContent.rows[0].Owner.password_hash',
    ])
    expect(covered('content[0].text')).toHaveLength(11)
  })

  it.each([
    ['', 'name'],
    ['*', 'name'],
    ['**', 'name'],
    ['$', 'name'],
    ['#', 'name'],
    ['[*]', 'name'],
    ['**.#.*', 'name'],
    ['a..b', 'name is missing'],
    ['a.', 'name is missing'],
    ['.a', 'dot'],
    ['a[', 'brackets'],
    ['a[x]', 'brackets'],
    ['a[-1]', 'brackets'],
    ['a["b]', 'brackets'],
    ['a["\\x"]', 'brackets'],
    ['a[0]b', 'dot'],
    ['a]b', 'in it'],
    ['a***b', 'alone'],
    ['a'.repeat(501), 'characters'],
    [Array.from({ length: 29 }, () => 'a').join('.'), 'steps'],
  ])('%s is a mistake', (text, word) => {
    expect(compilePath(text)).toEqual({ mistake: expect.stringContaining(word) })
  })

  it('may have as many steps as fit', () => {
    let deep: unknown = 1
    for (let i = 0; i < 28; i += 1) deep = { a: deep }
    const text = `$.${Array.from({ length: 28 }, () => 'a').join('.')}`
    expect(named(compiled(text), read(deep))).toEqual([text.slice(2)])
  })

  it.each([
    ['result.structuredContent.rows[*].SSN', 'ssn'],
    ['rows[*]', 'rows'],
    ['a.*_hash', '_hash'],
    ['pass*word_long', 'word_long'],
    ['kunden.größe', 'gr'],
    ['kunden.ö', 'kunden'],
    ['["say \\"hello\\" to/me"]', 'hello'],
    ['["a.b"]', 'a.b'],
    ['x', undefined],
    ['ü', undefined],
  ])('%s can only name something where the bytes have %s', (text, literal) => {
    expect(lastLiteral(compiled(text))).toBe(literal)
  })

  it('made of the path of a value names that value alone, and each way of asking gives the same answer', () => {
    const tree = jsonValue({ maxDepth: 3 }).map((value) => ({
      k: [value, JSON.stringify({ 'in.ner': [value] })],
      t: 1,
    }))
    const others = constantFrom('**.k', 'in*', '*.t', 'k[*]#**', '**#**.t', 'k[1].*', 'k.**[0]')
    assertAll(
      property(tree, others, (value, other) => {
        const structure = read(value)
        const all = everything(structure).filter((one) => one.structure.kind(one.token) !== 'key')
        const withKeys = all.filter(({ structure: document, token }) =>
          /(?:^|[.#])[^.#[]|\["/.test(document.path(token)),
        )
        const own = withKeys.map(({ structure: document, token }) => {
          const path = document.path(token)
          return compiled(path.startsWith('[') ? `$${path}` : `$.${path}`, true)
        })
        const patterns = [...own, compiled(other)]
        const byWalk = patterns.map((): Located[] => [])
        findPaths(patterns, structure, (one, i) => byWalk[i]?.push(one))
        const bySingle = patterns.map((pattern) => all.filter((one) => matchesPath(pattern, one.structure, one.token)))
        expect(byWalk).toEqual(bySingle)
        for (const [i, one] of withKeys.entries()) expect(bySingle[i]).toContainEqual(one)
      }),
      { numRuns: 60 },
    )
  })
})
