import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from './bytes.ts'
import { parseJson } from './json.ts'
import { findMember, type JsonFault, type JsonLimits, type JsonScan, scanJson } from './json-scan.ts'
import { jsonWatch } from './json-watch.ts'

const LIMITS: JsonLimits = { depthMax: 64, keysPerObjectMax: 1000, keysMax: 20_000 }

describe('a JSON text that is fine', () => {
  it.each([
    '{}',
    '[]',
    ' \t\r\n{ "a" : [ 1 , -0.5e+10 , true , false , null , "x" ] } \n',
    '0',
    '-0',
    '1E400',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"',
    '"\\ud83d\\ude00"',
    '"é 世界 😀"',
    '{"":1}',
    '{"__proto__":1,"constructor":2}',
    '[[],{},[{}]]',
    '{"a":{"k":1},"b":{"k":1},"k":1}',
  ])('is accepted: %s', (text) => {
    expect(scan(text).kind).toBe('scan')
  })
})

describe('a JSON text that two readers could read differently', () => {
  it.each([
    ['a key twice', '{"name":"safe","name":"evil"}', 'duplicate_key'],
    ['a key twice, once in escapes', '{"name":1,"na\\u006de":2}', 'duplicate_key'],
    ['the same the other way round', '{"na\\u006De":1,"name":2}', 'duplicate_key'],
    ['both in different escapes', '{"\\u006eame":1,"na\\u006de":2}', 'duplicate_key'],
    ['an escaped slash', '{"a/b":1,"a\\/b":2}', 'duplicate_key'],
    ['a key twice far apart', `{"k":0,${keys(50)},"k":1}`, 'duplicate_key'],
    ['an escaped key among many', `{${keys(50)},"k\\u0034\\u0039":1}`, 'duplicate_key'],
    ['a key twice deep inside', '{"a":[{"b":{"c":1,"d":[],"c":2}}]}', 'duplicate_key'],
    ['an empty key twice', '{"":1,"":2}', 'duplicate_key'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'duplicate_key'],
    ['a lone high surrogate', '"\\ud800"', 'lone_surrogate'],
    ['a lone low surrogate', '"\\udc00"', 'lone_surrogate'],
    ['a high surrogate before a letter', '"\\ud800\\u0041"', 'lone_surrogate'],
    ['surrogates the wrong way round', '"\\ude00\\ud83d"', 'lone_surrogate'],
    ['a lone surrogate in a key', '{"\\udfff":1}', 'lone_surrogate'],
    ['two values', '{} {}', 'trailing'],
    ['a NUL behind', '{}\0', 'trailing'],
    ['a byte order mark', '\ufeff{}', 'bom'],
  ] as const)('is refused: %s', (_what, text, reason) => {
    expect(scan(text)).toMatchObject({ kind: 'fault', reason })
  })

  it.each([
    '',
    ' ',
    '{',
    '[',
    '"',
    '"\\',
    '"\\u12',
    '"\\u00g0"',
    '"\\x41"',
    '"\\u{41}"',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    "{'a':1}",
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a":1]',
    '[1}',
    ']',
    '01',
    '-',
    '+1',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x10',
    'NaN',
    'Infinity',
    'True',
    'tru',
    'nulll',
    '"a\nb"',
    '"a\tb"',
    '"\0"',
    '/* c */{}',
    '{} // c',
    '\u00a0{}',
    '\u2028{}',
  ])('is refused as no JSON: %j', (text) => {
    expect(scan(text)).toMatchObject({ kind: 'fault' })
  })

  it.each([[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xff], [0x80]])(
    'is refused as no UTF-8: bytes %i %i',
    (...bytes) => {
      const inString = Uint8Array.from([0x22, ...bytes, 0x22])
      expect(scanJson(inString, LIMITS)).toMatchObject({ kind: 'fault', reason: 'utf8' })
    },
  )
})

describe('limits', () => {
  it('hold for nesting, long before the stack does', () => {
    expect(scan(nested(64)).kind).toBe('scan')
    expect(scan(nested(65))).toMatchObject({ reason: 'too_deep', at: 64 })
    expect(scan('['.repeat(1_000_000))).toMatchObject({ reason: 'too_deep' })
    expect(scan(nested(10_000), { ...LIMITS, depthMax: 20_000 }).kind).toBe('scan')
    expect(scan('{"a":'.repeat(500_000))).toMatchObject({ reason: 'too_deep' })
  })
  it('hold for keys of one object and of all', () => {
    const limits = { ...LIMITS, keysPerObjectMax: 10, keysMax: 25 }
    expect(scan(`{${keys(10)}}`, limits).kind).toBe('scan')
    expect(scan(`{${keys(11)}}`, limits)).toMatchObject({ reason: 'too_many' })
    expect(scan(`[{${keys(10)}},{${keys(10)}},{${keys(5)}}]`, limits).kind).toBe('scan')
    expect(scan(`[{${keys(10)}},{${keys(10)}},{${keys(6)}}]`, limits)).toMatchObject({ reason: 'too_many' })
  })
  it('hold for strings, keys included', () => {
    const limits = { ...LIMITS, stringBytesMax: 3 }
    expect(scan('["abc"]', limits).kind).toBe('scan')
    expect(scan('["abcd"]', limits)).toMatchObject({ reason: 'too_long' })
    expect(scan('{"abcd":1}', limits)).toMatchObject({ reason: 'too_long' })
  })
  it('keep twenty thousand keys of one object linear', () => {
    const text = `{${keys(100_000)}}`
    const started = performance.now()
    expect(scan(text, { ...LIMITS, keysPerObjectMax: 200_000, keysMax: 200_000 }).kind).toBe('scan')
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('a fault', () => {
  it('says where it is by keys and indexes', () => {
    expect(scan('{"params":{"arguments":[1,{"x":1,"x":2}]}}')).toMatchObject({ at: 33, path: 'params.arguments.1.x' })
  })
  it('says what was read whole before it, so that the id can be answered', () => {
    const fault = scan('{"jsonrpc":"2.0","id":7,"params":{"a":1,"a":2}}')
    const id = fault.kind === 'fault' ? findMember(fault.members, 'id') : undefined
    expect(id).toMatchObject({ start: 22, end: 23 })
  })
})

describe('noted members', () => {
  const watch = jsonWatch([['params', 'result'], ['_meta']], ['jsonrpc', 'progressToken'])

  it('are those of the root, of watched objects, and of no others', () => {
    const text = ' {"id": 12.50 ,"params":{"_meta":{"progressToken":"\\u0061"},"other":{"x":1}},"more":{"_meta":{}}}'
    const found = scanJson(encodeUtf8(text), LIMITS, watch)
    const root = found.kind === 'scan' ? found.members : undefined
    const params = findMember(root, 'params')
    const meta = findMember(params?.members, '_meta')
    expect(textOf(text, findMember(root, 'id'))).toBe('12.50')
    expect(textOf(text, findMember(meta?.members, 'progressToken'))).toBe('"\\u0061"')
    expect(textOf(text, params)).toBe('{"_meta":{"progressToken":"\\u0061"},"other":{"x":1}}')
    expect(findMember(params?.members, 'other')?.members).toBeUndefined()
    expect(findMember(root, 'more')?.members).toBeUndefined()
  })
  it('have their keys unescaped', () => {
    const found = scanJson(encodeUtf8('{"para\\u006ds":{"_m\\u0065ta":{"k":1}}}'), LIMITS, watch)
    const params = found.kind === 'scan' ? findMember(found.members, 'params') : undefined
    expect(findMember(params?.members, '_meta')?.members).toMatchObject([{ key: 'k' }])
  })
  it('hold the text of every value, whatever the text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object)
        const found = scanJson(encodeUtf8(text), LIMITS)
        fc.pre(found.kind === 'scan')
        const again = Object.fromEntries((found.members ?? []).map((m) => [m.key, textOf(text, m)]))
        const whole = Object.fromEntries(Object.entries(object).map(([key, value]) => [key, JSON.stringify(value)]))
        expect(again).toEqual(whole)
      }),
    )
  })
})

describe('against JSON.parse', () => {
  const text = fc.oneof(
    fc.json({ stringUnit: 'binary', maxDepth: 6 }),
    fc.string({ unit: fc.constantFrom(...Array.from('{}[],:"\\u0aedE+-.19 trfnul\n\t')), maxLength: 24 }),
    fc.tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.string({ maxLength: 2 })).map(([json, at, extra]) => {
      const place = at % (json.length + 1)
      return json.slice(0, place) + extra + json.slice(place + 1)
    }),
  )

  it('accepts nothing that JSON.parse does not accept', () => {
    fc.assert(
      fc.property(text, (candidate) => {
        expect(scan(candidate).kind === 'fault' || parses(decodeUtf8(encodeUtf8(candidate)))).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
  it('refuses what JSON.parse accepts only for duplicates, surrogates and limits', () => {
    fc.assert(
      fc.property(text, (candidate) => {
        const found = scan(candidate)
        if (found.kind === 'scan' || !parses(decodeUtf8(encodeUtf8(candidate)))) return
        expect(['duplicate_key', 'lone_surrogate', 'too_deep', 'too_many']).toContain(found.reason)
      }),
      { numRuns: 5000 },
    )
  })
  it('refuses every object in which a key was doubled', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }), fc.nat(), (object, n) => {
        const entries = Object.entries(object)
        const twice = [...entries, entries[n % entries.length] ?? ['', null]]
        const doubled = `{${twice.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`
        expect(scan(doubled)).toMatchObject({ kind: 'fault', reason: 'duplicate_key' })
      }),
    )
  })
})

describe('parseJson', () => {
  it('never quotes the text in its error', () => {
    expect(() => parseJson('{"password":"hunter2" oops')).toThrow(/^not valid JSON$/)
  })
})

function scan(text: string, limits: JsonLimits = LIMITS): JsonScan | JsonFault {
  return scanJson(encodeUtf8(text), limits)
}

function textOf(text: string, member: { start: number; end: number } | undefined): string | undefined {
  return member === undefined ? undefined : decodeUtf8(encodeUtf8(text), member.start, member.end)
}

function keys(n: number): string {
  return Array.from({ length: n }, (_, i) => `"k${i}":${i}`).join(',')
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
