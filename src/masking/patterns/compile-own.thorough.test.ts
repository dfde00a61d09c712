import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { ENTITY_NAMES } from '../entities.ts'
import { maskMessage } from '../engine.ts'
import { makeRuleSet } from '../rule-set.ts'
import { Scanners } from '../scanners.ts'
import { compileAllOwn, compileOwn, type OwnMistake } from './compile-own.ts'
import type { OwnDetector } from './own-detector.ts'
import type { DetectorSpec } from './spec.ts'

const EMPLOYEE = { pattern: '\\bEMP-\\d{6}\\b', examples: { matches: ['see EMP-123456'], leaves_alone: ['EMP-12345'] } }

describe('a pattern of the configuration', () => {
  it('is hidden wherever it stands: in texts, keys, and JSON in JSON, among escapes', () => {
    const mask = setUp([{ ...EMPLOYEE }])
    expect(mask({ a: 'x EMP-123456.' })).toBe('{"a":"x redacted:own_kind."}')
    expect(mask({ a: 'x\nEMP-123456\ty' })).toBe('{"a":"x\\nredacted:own_kind\\ty"}')
    expect(mask({ a: '"EMP-123456"' })).toBe('{"a":"\\"redacted:own_kind\\""}')
    expect(mask({ a: JSON.stringify({ b: 'EMP-123456\n' }) })).toBe(
      JSON.stringify({ a: JSON.stringify({ b: 'redacted:own_kind\n' }) }),
    )
    expect(mask({ 'EMP-123456': 1 })).toBe('{"redacted:own_kind:1":1}')
    expect(mask({ a: 'EMP\u002d123456' })).not.toContain('123456')
  })

  it('is left where more stands at its edges', () => {
    const mask = setUp([{ ...EMPLOYEE }])
    const message = { a: ['EMP-1234567', 'TEMP-123456', 'EMP-12345', 'EMP 123456', 'xEMP-123456'] }
    expect(mask(message)).toBe(JSON.stringify(message))
  })

  it('sees the escapes of every layer as what they stand for', () => {
    const mask = setUp([
      {
        pattern: 'case:\\s{1,4}"?[A-Z]{3}\\d{2}',
        examples: { matches: ['case: ABC12'], leaves_alone: ['case:ABC12'] },
      },
    ])
    for (const value of ['case:\n\tABC12', 'case: "ABC12', 'case:  ABC12']) {
      expect(mask({ a: value })).not.toContain('ABC12')
      expect(mask({ a: JSON.stringify({ b: value }) })).not.toContain('ABC12')
      expect(mask({ a: JSON.stringify([JSON.stringify([value])]) })).not.toContain('ABC12')
    }
    expect(() => JSON.parse(mask({ a: JSON.stringify({ b: 'case:\n"ABC12"' }) }))).not.toThrow()
  })

  it('finds all of many, however close they stand and however long the text is', () => {
    const mask = setUp([{ ...EMPLOYEE }])
    const text = Array.from({ length: 3_000 }, (_, i) => `EMP-${100_000 + i}${' '.repeat(i % 40)}`).join(',')
    const masked = mask({ a: text })
    expect(masked).not.toMatch(/EMP-\d/)
    expect(masked.match(/redacted:own_kind/g)).toHaveLength(3_000)
  })

  it('begins and ends with characters of any length, and replaces just them', () => {
    const mask = setUp([
      { pattern: '[é😀]{2}abc[é😀]{1,2}', examples: { matches: ['é😀abc😀'], leaves_alone: ['abc😀'] } },
    ])
    expect(mask({ a: 'ä😀éabcé😀ü' })).toBe('{"a":"äredacted:own_kindü"}')
  })

  it('with `near` counts only where such a word stands', () => {
    const spec = {
      pattern: 'ref\\d{5}',
      near: ['Akte', 'case file'],
      examples: { matches: ['Akte ref12345'], leaves_alone: ['ref12345'] },
    }
    const mask = setUp([spec])
    expect(mask({ a: 'see ref12345' })).toContain('ref12345')
    expect(mask({ a: 'the Case File is ref12345' })).not.toContain('ref12345')
    expect(mask({ akte: 'ref12345' })).not.toContain('ref12345')
  })

  it('leaves what is allowed', () => {
    const mask = setUp([{ ...EMPLOYEE, allow: ['emp-000000'] }])
    expect(mask({ a: 'EMP-000000 EMP-000001' })).toBe('{"a":"EMP-000000 redacted:own_kind"}')
  })
})

describe('words of the configuration', () => {
  it('do not begin with the letter of an escape, and may after a backslash of the text', () => {
    const mask = setUp([{ words: ['nina'], examples: { matches: ['nina'], leaves_alone: ['ina'] } }])
    expect(mask({ a: 'x\nina' })).toBe('{"a":"x\\nina"}')
    expect(mask({ a: 'x\nnina' })).toBe('{"a":"x\\nredacted:own_kind"}')
    expect(mask({ a: 'CORP\\nina' })).toBe('{"a":"CORP\\\\redacted:own_kind"}')
  })

  it('are found in whatever case, as whole words, in all ways that JSON writes them', () => {
    const mask = setUp([
      {
        words: ['Project Aurora', 'Übermut', 'C++', 'the "box"'],
        examples: { matches: ['PROJECT aurora'], leaves_alone: ['aurora'] },
      },
    ])
    for (const text of ['project AURORA', 'ÜBERMUT', 'c++', 'x\nübermut', 'The "Box"'])
      for (const form of [text, JSON.stringify({ b: text })]) expect(mask({ a: form })).toContain('redacted:own_kind')
    const others = { a: ['project auroras', 'xübermut', 'myproject aurora', 'the box'] }
    expect(mask(others)).toBe(JSON.stringify(others))
  })

  it('leave alone what is allowed', () => {
    const mask = setUp([
      { words: ['aurora', 'boreas'], allow: ['Boreas'], examples: { matches: ['aurora'], leaves_alone: ['boreas'] } },
    ])
    expect(mask({ a: 'boreas, Aurora' })).toBe('{"a":"boreas, redacted:own_kind"}')
  })
})

describe('names of keys', () => {
  const KEYS = {
    keys: ['employee_no', 'Lohn-Nr', 'x id'],
    examples: { matches: ['{"employeeNo":"a b"}'], leaves_alone: ['{"employee_note":"a"}'] },
  }

  it('hide the whole value under them, in JSON and in text, however the name is joined', () => {
    const mask = setUp([KEYS])
    expect(mask({ employeeNo: 'a b' })).toBe('{"employeeNo":"redacted:own_kind"}')
    for (const message of [
      { 'Employee No': 'zz9 zz9' },
      { row: { EMPLOYEE_NO: ['zz9', 'zz9'] } },
      { lohnNr: 'zz9' },
      { x_id: 'zz9' },
      { name: 'employee_no', value: 'zz9' },
      { columns: ['id', 'employee_no'], rows: [[1, 'zz9']] },
      { text: 'employee_no=zz9' },
      { text: 'id: 4\nemployee_no: zz9\nname: x' },
      { text: 'id,employee_no,city\n1,zz9,x\n2,zz9,y' },
      { text: '| id | employee no |\n|---|---|\n| 1 | zz9 |' },
      { text: JSON.stringify({ employee_no: 'zz9' }) },
    ])
      expect(mask(message)).not.toContain('zz9')
    expect(mask({ employee_no: 123_456 })).toMatch(/^\{"employee_no":1\d{5}\}$/)
  })

  it('are whole names', () => {
    const mask = setUp([KEYS])
    for (const message of [
      { employee_notes: 'zz9' },
      { old_employee_no_count: 'zz9' },
      { text: 'the employee no longer works' },
    ])
      expect(mask(message)).toBe(JSON.stringify(message))
  })
})

describe('where a kind is looked for', () => {
  it('is said by globs on connections and tools', () => {
    const own = compiled({ ...EMPLOYEE, connections: ['hr-*', 'payroll'], tools: ['get_*'] })
    expect(own.looksAt('hr-eu', 'get_person')).toBe(true)
    expect(own.looksAt('payroll', 'get_x')).toBe(true)
    expect(own.looksAt('crm', 'get_person')).toBe(false)
    expect(own.looksAt('payroll', 'list')).toBe(false)
    expect(own.looksAt('payroll', undefined)).toBe(false)
    expect(compiled(EMPLOYEE).looksAt('any', undefined)).toBe(true)
  })
})

describe('a kind is refused', () => {
  it.each<[string, Partial<DetectorSpec>, (string | number)[], string]>([
    ['by a name that is built in', { name: 'email' }, ['name'], 'built in'],
    ['by the name of a group', { name: 'secrets' }, ['name'], 'built in'],
    ['by a short form', { name: 'ssn' }, ['name'], 'built in'],
    ['without anything to look for', { pattern: undefined }, [], 'nothing says'],
    ['for a repeat without an end', { pattern: 'EMP-\\d+' }, ['pattern'], 'without an end'],
    ['for look-around', { pattern: 'EMP(?=-)' }, ['pattern'], 'not RE2'],
    ['for a back-reference', { pattern: '(EMP)-\\1' }, ['pattern'], 'not RE2'],
    ['for no letters to go by', { pattern: '\\d{6}' }, ['pattern'], 'three letters'],
    ['for a branch without them', { pattern: 'EMP-\\d{6}|\\d{9}' }, ['pattern'], 'three letters'],
    ['for matches of any length', { pattern: 'EMP[a-z]{600}[0-9]{600}' }, ['pattern'], '1203 characters'],
    ['for its size', { pattern: `EMP${'[a-z]{900}'.repeat(12)}` }, ['pattern'], 'too large'],
    [
      'for an example that it misses',
      { examples: { matches: ['EMP-123456', 'EMP-1'], leaves_alone: ['x'] } },
      ['examples', 'matches', 1],
      'is not found',
    ],
    [
      'for an example that it hits',
      { examples: { matches: ['EMP-123456'], leaves_alone: ['x', 'EMP-654321'] } },
      ['examples', 'leaves_alone', 1],
      'must not be',
    ],
    ['without examples', { examples: { matches: [], leaves_alone: ['x'] } }, ['examples', 'matches'], 'one example'],
    ['for a score that never counts', { score: 0.5 }, ['score'], 'counts from 0.6'],
    ['for a word of one letter', { words: ['aurora', 'a'] }, ['words', 1], 'two letters'],
    ['for a name without letters', { keys: ['12'] }, ['keys', 0], 'two letters'],
    ['for an action that is none', { with: 'hide' }, ['with'], 'no action'],
    [
      'for a pattern that can be kept busy',
      { pattern: 'aaa(?s:.{0,1000})b|aaa', examples: { matches: ['aaa'], leaves_alone: ['x'] } },
      ['pattern'],
      'busy for too long',
    ],
    [
      'where its own stand-in makes another one of it, again and again',
      { pattern: '[a-z_]{0,9}kind [a-z]{3}', examples: { matches: ['kind abc def ghi jkl'], leaves_alone: ['x'] } },
      ['examples', 'matches', 0],
      'found again',
    ],
  ])('%s', (_, change, key, message) => {
    const [first] = mistakesOf(change)
    expect(first?.key).toEqual(key)
    expect(first?.message).toContain(message)
  })

  it('with a hint that says what to write instead', () => {
    expect(mistakesOf({ pattern: 'EMP-\\d+' })[0]?.hint).toContain('{1,64} for +')
    expect(mistakesOf({ pattern: 'EMP(?=-)' })[0]?.hint).toContain('no look-around')
  })

  it('where another has its name', () => {
    const spec = specOf(EMPLOYEE)
    const { mistakes } = compileAllOwn([spec, { ...spec, name: 'other' }, spec])
    expect(mistakes).toEqual([{ key: [2, 'name'], message: 'there is another kind "own_kind"' }])
  })
})

describe('ids of kinds', () => {
  it('follow the order of the configuration', () => {
    const other = {
      name: 'other',
      words: ['boreas'],
      pattern: undefined,
      with: 'partial',
      examples: { matches: ['boreas'], leaves_alone: ['x'] },
    }
    const mask = setUp([EMPLOYEE, other])
    expect(mask({ a: 'EMP-123456 boreas' })).toBe('{"a":"redacted:own_kind xxxxxx"}')
  })
})

function specOf(change: Partial<DetectorSpec>): DetectorSpec {
  return { name: 'own_kind', with: 'redact', examples: { matches: ['x'], leaves_alone: ['y'] }, ...change }
}

function compiled(change: Partial<DetectorSpec>): OwnDetector {
  const own = compileOwn(specOf(change), ENTITY_NAMES.length)
  if ('mistakes' in own) throw new Error(JSON.stringify(own.mistakes))
  return own
}

function mistakesOf(change: Partial<DetectorSpec>): readonly OwnMistake[] {
  const own = compileOwn(specOf({ ...EMPLOYEE, ...change }), ENTITY_NAMES.length)
  return 'mistakes' in own ? own.mistakes : []
}

/** Masks a value with these kinds and nothing else of the profile. */
function setUp(specs: readonly Partial<DetectorSpec>[]): (value: unknown) => string {
  const { own, mistakes } = compileAllOwn(specs.map(specOf))
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  const looked = own.map(({ name, action, score }) => ({ name, with: action, score }))
  const rules = makeRuleSet({ profile: 'off', side: 'results', terms: [], own: looked })
  const scanner = new Scanners(own).for(rules)
  const book = { mint: () => undefined, alias: () => false, hash: () => '' }
  return (value) => {
    const asked = { scanner, rules, book, restored: [], schema: undefined, binary: 'pass' as const }
    const result = maskMessage(encodeUtf8(JSON.stringify(value)), asked)
    return result.kind === 'refused' ? result.why : new TextDecoder().decode(result.bytes)
  }
}
