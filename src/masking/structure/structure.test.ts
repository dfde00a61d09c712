import { assert as assertAll, constantFrom, integer, jsonValue, nat, property, string, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import type { JsonValue } from '../../base/json.ts'
import { Structure } from './structure.ts'

/** Writers differ in blanks, and in how they write a quote inside a string. */
interface Style {
  readonly indent: string
  readonly quote: string
}

const styles = tuple(constantFrom('', ' ', '\t'), constantFrom(String.raw`\"`, String.raw`\u0022`)).map(
  ([indent, quote]): Style => ({ indent, quote }),
)

function write(value: unknown, { indent, quote }: Style): string {
  return JSON.stringify(value, null, indent).replaceAll(/\\(.)/g, (escape) => (escape === '\\"' ? quote : escape))
}

/** A message with the value as JSON in a string in a string …, `level` strings deep. */
function nest(value: unknown, level: number, style: Style): string {
  let text = write(value, style)
  for (let i = 0; i < level; i += 1) text = write([{ text }, 'beside'], style)
  return text
}

/** The document at that level of such a message. */
function innermost(message: string, level: number): Structure {
  let structure = read(message)
  for (let i = 0; i < level; i += 1) {
    const inner = structure.inner(3)
    if (inner === undefined) throw new Error('the text is no document')
    expect(structure.inner(3)).toBe(inner)
    expect(inner.outer).toEqual({ structure, token: 3 })
    structure = inner
  }
  return structure
}

function read(text: string): Structure {
  const structure = Structure.of(encodeUtf8(text))
  if (structure === undefined) throw new Error(`this is a document: ${text}`)
  return structure
}

/** The value that a token stands for, by way of its children, siblings and keys. */
function valueOf(structure: Structure, token: number): unknown {
  switch (structure.kind(token)) {
    case 'array':
      return childrenOf(structure, token).map((child) => valueOf(structure, child))
    case 'object':
      return Object.fromEntries(
        childrenOf(structure, token).map((child) => [
          structure.keyText(structure.keyOf(child)),
          valueOf(structure, child),
        ]),
      )
    case 'string':
      return structure.text(token)
    case 'number':
    case 'literal':
      return JSON.parse(structure.text(token))
    case 'key':
      throw new Error('a key is no value')
  }
}

function childrenOf(structure: Structure, container: number): number[] {
  const children: number[] = []
  const hasKeys = structure.kind(container) === 'object'
  for (let at = structure.firstChild(container); at >= 0; at = structure.nextSibling(at)) {
    const key = structure.keyOf(at)
    expect([structure.parent(at), structure.indexIn(at), key]).toEqual([
      container,
      children.length,
      hasKeys ? at - 1 : -1,
    ])
    expect(hasKeys ? [structure.kind(key), structure.parent(key), structure.valueOf(key)] : []).toEqual(
      hasKeys ? ['key', container, at] : [],
    )
    children.push(at)
  }
  return children
}

/** What is written at a span, with the escapes of the strings around its document taken off. */
function written(structure: Structure, start: number, end: number): string {
  let text = decodeUtf8(structure.bytes, start, end)
  for (let i = 0; i < structure.level; i += 1) text = JSON.parse(`"${text}"`)
  return text
}

/** JSON without __proto__, which Object.fromEntries and JSON.parse take differently from an assignment. */
const values = jsonValue({ noUnicodeString: false, maxDepth: 4 })

describe('the structure of a message', () => {
  it('is what JSON.parse sees, at every level and however it is written', () => {
    assertAll(
      property(values, integer({ min: 0, max: 3 }), styles, (value, level, style) => {
        const inside = level === 0 ? value : [value]
        const structure = innermost(nest(inside, level, style), level)
        expect(structure.level).toBe(level)
        expect(JSON.stringify(valueOf(structure, 0))).toBe(JSON.stringify(inside))
      }),
      { numRuns: 600 },
    )
  })

  it('says where every token is, with its quotes and without them', () => {
    assertAll(
      property(values, integer({ min: 0, max: 3 }), styles, (value, level, style) => {
        const structure = innermost(nest([value], level, style), level)
        for (let token = 0; token < structure.length; token += 1) {
          const outside = written(structure, structure.start(token), structure.end(token))
          const inside = written(structure, structure.innerStart(token), structure.innerEnd(token))
          const kind = structure.kind(token)
          const isText = kind === 'string' || kind === 'key'
          expect(outside).toBe(isText ? `"${inside}"` : inside)
          const wanted = kind === 'key' ? structure.keyText(token) : valueOf(structure, token)
          expect(JSON.stringify(JSON.parse(outside))).toBe(JSON.stringify(wanted))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('finds the token at every byte, and none between tokens', () => {
    assertAll(
      property(values, integer({ min: 0, max: 2 }), styles, (value, level, style) => {
        const structure = innermost(nest([value], level, style), level)
        const wanted = Array.from(structure.bytes, (): number | undefined => undefined)
        for (let token = 0; token < structure.length; token += 1)
          if (!structure.isContainer(token)) wanted.fill(token, structure.start(token), structure.end(token))
        expect(wanted.map((_, place) => structure.tokenAt(place))).toEqual(wanted)
        expect(structure.tokenAt(structure.bytes.length)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })

  it('exists exactly where JSON.parse finds no mistake, in a message and in a text', () => {
    const marks = constantFrom(...'{}[],:"\\ \n0123.eE+-truefalsn\u0001u/'.split(''))
    let refused = 0
    assertAll(
      property(values, nat(), nat(2), string({ unit: marks, maxLength: 2 }), (value, place, cut, put) => {
        const whole = JSON.stringify([value, 1.5e3])
        const at = place % whole.length
        const text = whole.slice(0, at) + put + whole.slice(at + cut)
        const isJson = isParsed(text)
        if (!isJson) refused += 1
        expect([text, Structure.of(encodeUtf8(text)) !== undefined]).toEqual([text, isJson])
        const isDocument = isJson && /^\s*[[{]/.test(text)
        for (const level of [1, 2, 3]) {
          expect([text, level, nestText(text, level) !== undefined]).toEqual([text, level, isDocument])
        }
      }),
      { numRuns: 3_000 },
    )
    expect(refused).toBeGreaterThan(1_000)
  })

  it.each([
    '',
    ' ',
    '{',
    '}',
    '[',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    '{1:2}',
    '[1 2]',
    '1 2',
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '1e+',
    'tru',
    'nulll',
    'NaN',
    '"',
    '"\\"',
    '"\\x"',
    '"\\u12g4"',
    '"\\u123',
    '"a\nb"',
    '[}',
    '{]',
    "'a'",
    '\ufeff1',
    '[1]]',
    '"#"\'#',
  ])('does not exist for %j', (text) => {
    expect(Structure.of(encodeUtf8(text))).toBeUndefined()
  })

  it('keeps numbers that no program can hold, and keys that stand twice', () => {
    const structure = read('{"a":1e400,"a":-12345678901234567890.0,"b":-0}')
    const texts = childrenOf(structure, 0).map((child) => [
      structure.keyText(structure.keyOf(child)),
      structure.text(child),
    ])
    expect(texts).toEqual([
      ['a', '1e400'],
      ['a', '-12345678901234567890.0'],
      ['b', '-0'],
    ])
  })

  it('follows 512 arrays into one another and not 513', () => {
    expect(read(nested(512)).length).toBe(512)
    expect(Structure.of(encodeUtf8(nested(513)))).toBeUndefined()
    expect(Structure.of(encodeUtf8('['.repeat(262_144)))).toBeUndefined()
    expect(nestText(nested(513), 1)).toBeUndefined()
  })

  it('reads JSON in three texts inside one another, and takes a fourth for text', () => {
    const structure = innermost(nest([1], 4, { indent: '', quote: String.raw`\"` }), 3)
    expect(structure.kind(3)).toBe('string')
    expect(structure.inner(3)).toBeUndefined()
  })

  it('takes neither texts that are no documents for one, nor keys', () => {
    const structure = read(
      JSON.stringify({ '[1]': 'text', a: '[not', b: '{"x":1} and more', c: '12', d: ' [1]', e: '' }),
    )
    const documents = childrenOf(structure, 0).map((child) => structure.inner(child) !== undefined)
    expect(documents).toEqual([false, false, false, false, true, false])
    expect(structure.inner(1)).toBeUndefined()
  })

  it('reads bytes that begin anywhere in memory, and a document in the middle of them', () => {
    const text = '{"a\\n\\u0022#!":"# \\"!quoted\\" and #!","ä":["…",true]}'
    for (let before = 0; before < 9; before += 1) {
      const bytes = encodeUtf8(`${'"'.repeat(before)}${text}"1.`)
      const span = { from: before, to: bytes.length - 3, level: 0 }
      const inPart = Structure.of(bytes, span)
      const alone = Structure.of(bytes.slice(0).subarray(before, bytes.length - 3))
      for (const structure of [inPart, alone])
        expect(structure === undefined ? undefined : valueOf(structure, 0)).toEqual(JSON.parse(text))
    }
    expect(Structure.of(encodeUtf8('1.5'), { from: 0, to: 1, level: 0 })?.text(0)).toBe('1')
  })

  it('holds a hundred thousand tokens', () => {
    const list = Array.from({ length: 100_000 }, (_, i) => i)
    const structure = read(JSON.stringify(list))
    expect(structure.length).toBe(100_001)
    expect(structure.indexIn(100_000)).toBe(99_999)
    expect(structure.after(0)).toBe(100_001)
  })
})

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The structure of a text that is written as it is, `level` strings deep. */
function nestText(text: string, level: number): Structure | undefined {
  let message: JsonValue = text
  for (let i = 0; i < level - 1; i += 1) message = JSON.stringify([{ text: message }])
  let structure: Structure | undefined = read(JSON.stringify([{ text: message }]))
  for (let i = 0; i < level; i += 1) structure = structure?.inner(3)
  return structure
}
