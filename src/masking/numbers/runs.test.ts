import { describe, expect, it } from 'vitest'
import { type EntityName, ENTITY_NAMES, entityId } from '../entities.ts'
import { NAMED, seeded, someDigits, valueFinder } from '../../../test/support/masking/values.ts'
import type { Finding, Sink } from '../find/finding.ts'
import { buildDfa } from '../scan/dfa.ts'
import { ScanMachine } from '../scan/machine.ts'
import { CONTEXT_WORDS, DENY_WORDS } from './context.ts'
import type { CodeRule, NumberRule } from './rule.ts'
import { numberDetector } from './runs.ts'

const machine = new ScanMachine(buildDfa([]))
const OFF = new Set<EntityName>(['ip_address', 'mac_address', 'url', 'date_time'])

function setUp({
  numbers = [],
  codes = [],
  wants = true,
}: {
  numbers?: NumberRule[]
  codes?: CodeRule[]
  wants?: boolean
}) {
  const detect = numberDetector(numbers, codes)
  const found: Finding[] = []
  const sink: Sink = { may: () => wants, add: (finding) => found.push(finding), spend: () => undefined }
  return (text: string): string[] => {
    found.length = 0
    const view = { bytes: new TextEncoder().encode(text), raw: true }
    const rows = machine.scan(view.bytes).numbers
    for (let i = 0; i < rows.length; i += 1) {
      const [start, end, digits, capitals] = [rows.start(i), rows.end(i), rows.digits(i), rows.capitals(i)]
      detect({ view, start, end, digits, capitals }, sink)
    }
    return found.map(({ start, end }) => text.slice(start, end))
  }
}

function mustNotBeAsked(): never {
  throw new Error('nobody wants it')
}

function numberRule(rule: Partial<NumberRule>): NumberRule {
  const score = { bare: 0.7, grouped: 0.7 }
  return {
    entity: entityId('national_id'),
    name: 'test',
    digits: 9,
    groups: [[3, 3, 3]],
    check: () => 'none',
    score,
    ...rule,
  }
}

function codeRule(rule: Partial<CodeRule>): CodeRule {
  const score = { passed: 0.7, none: 0.7 }
  const shape = { lengths: [9], check: () => 'none' as const, anyCase: false, separators: ' -' }
  return { entity: entityId('national_id'), name: 'test', ...shape, score, ...rule }
}

describe('a number', () => {
  it('has the same separator in every gap where its rule says nothing of separators', () => {
    const find = setUp({ numbers: [numberRule({})] })
    for (const text of ['123456789', '123 456 789', '123-456-789', '123.456.789', '123 - 456 - 789'])
      expect(find(text)).toEqual([text])
    for (const text of ['123 456-789', '123.456-789', '123+456+789', '12 345 6789']) expect(find(text)).toEqual([])
  })

  it('has the separators that its rule names, for all gaps or for each', () => {
    const find = setUp({ numbers: [numberRule({ separators: ['..', '. ', '+'] })] })
    for (const text of ['123.456.789', '123.456 789', '123+456+789']) expect(find(text)).toEqual([text])
    for (const text of ['123 456 789', '123.456-789']) expect(find(text)).toEqual([])
  })

  it('is not looked for where nobody wants it', () => {
    expect(setUp({ numbers: [numberRule({ check: mustNotBeAsked })], wants: false })('123456789')).toEqual([])
  })

  it('is neither a date nor the fraction or the integer part of another number', () => {
    const find = setUp({ numbers: [numberRule({ digits: 8, groups: [[4, 2, 2]] })] })
    for (const text of ['2026-08-01T10', '0.12345678', '12345678.50', '+12345678']) expect(find(text)).toEqual([])
  })
})

describe('an id of letters and digits', () => {
  it('is written in one word, or in the parts that its rule names', () => {
    const find = setUp({ codes: [codeRule({ groups: [[2, 6, 1]] })] })
    for (const text of ['AB123456C', 'AB 123456 C', 'AB-123456-C']) expect(find(text)).toEqual([text])
    for (const text of ['AB 1234 56C', 'AB.123456.C', 'xAB123456C', 'AB123456CD']) expect(find(text)).toEqual([])
  })

  it('is found in small letters where its rule says so', () => {
    const find = setUp({ codes: [codeRule({ lengths: [10, 11], anyCase: true })] })
    for (const text of ['abc1234567', 'de 136695976', '131052-308t', 'de123456789']) expect(find(text)).toEqual([text])
    expect(setUp({ codes: [codeRule({ lengths: [10] })] })('abc1234567')).toEqual([])
  })

  it('is found behind a date too, whose digits are none of its own', () => {
    const find = setUp({ codes: [codeRule({ lengths: [11], anyCase: true })] })
    for (const before of ['2026-08-01 ', '2026-08-01/', '2026-08-01 10:20 '])
      expect(find(`${before}DE825702318`)).toEqual(['DE825702318'])
  })

  it('is no piece of a UUID, and is one of whatever is longer or looks only a little like one', () => {
    const find = setUp({
      numbers: [numberRule({ digits: 12, groups: [[4, 8]] })],
      codes: [codeRule({ lengths: [12], anyCase: true })],
    })
    for (const uuid of ['12345678-1234-4123-a123-123456789012', '1234567a-1234-4123-8123-a23456789012'])
      for (const text of [uuid, `"${uuid}"`, `[${uuid}] 12`, `/${uuid}?`]) expect(find(text)).toEqual([])
    for (const part of ['123456789012', 'a23456789012'])
      for (const text of [`1234567a-1234-4123-g123 ${part}`, `1234567g ${part}`]) expect(find(text)).toEqual([part])
  })

  it('has letters and digits both', () => {
    const find = setUp({ codes: [codeRule({})] })
    for (const text of ['ABCDEFGHI', '123456789']) expect(find(text)).toEqual([])
  })
})

describe('what every row has', () => {
  const random = seeded(11)
  const hex = (count: number): string => Array.from({ length: count }, () => random(16).toString(16)).join('')
  const KINDS: Readonly<Record<string, () => string>> = {
    uuid: () => [hex(8), hex(4), `4${hex(3)}`, `a${hex(3)}`, hex(12)].join('-'),
    'commit hash': () => hex(40),
    'hexadecimal id': () => hex(24),
    seconds: () => `17${someDigits(random, 8)}`,
    nanoseconds: () => `17${someDigits(random, 17)}`,
    version: () => `v${random(20)}.${random(40)}.${random(99)}-rc.${random(9)}`,
    article: () => `SKU-${someDigits(random, 5)}-XL`,
    order: () => `ORD-${someDigits(random, 8)}`,
    'article number': () => someDigits(random, 13).replace(/^..../, '4099'),
    time: () =>
      `2026-08-0${1 + random(9)}T1${random(10)}:${10 + random(50)}:${10 + random(50)}.${someDigits(random, 3)}Z`,
    'line of a log': () =>
      `2026-08-01 12:00:${10 + random(50)},123 INFO [worker-${random(9)}] took ${someDigits(random, 7)} us`,
    place: () => `${random(90)}.${someDigits(random, 6)}, -${random(90)}.${someDigits(random, 6)}`,
    price: () => `$1,${someDigits(random, 3)}.${someDigits(random, 2)}`,
    package: () => ['react@18.2.0', '@types/node@20.1.1', 'git@github.com:o/r.git', 'logo@2x.png'][random(4)] ?? '',
  }
  const find = valueFinder()
  const byDefault = ENTITY_NAMES.filter((name) => !OFF.has(name))

  it.each(Object.keys(KINDS))('is left alone: %s', (kind) => {
    for (let i = 0; i < 200; i += 1) {
      const text = `{"value":"${KINDS[kind]?.() ?? ''}"}`
      expect(find(text, byDefault)).toEqual([])
    }
  })
})

describe('words near values', () => {
  it('are lower case, and each kind has its own only once', () => {
    const lists = [...Object.values(CONTEXT_WORDS), DENY_WORDS]
    expect(lists.flatMap((words) => words.filter((word) => word !== word.toLowerCase()))).toEqual([])
    expect(lists.filter((words) => new Set(words).size < words.length)).toEqual([])
  })

  it('that count things lower a number that is written like a person’s', () => {
    const find = valueFinder()
    expect(find('078-05-1123', 'us_ssn')).toEqual(['078-05-1123'])
    expect(find('invoice 078-05-1123', 'us_ssn')).toEqual([])
    expect(find('invoice for SSN 078-05-1123', 'us_ssn')).toEqual(['078-05-1123'])
    expect(find('invoice 078-05-1123', 'us_ssn', NAMED - 0.1)).toEqual(['078-05-1123'])
  })
})
