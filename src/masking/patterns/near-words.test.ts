import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { maskMessage } from '../engine.ts'
import { makeRuleSet, type Terms } from '../rule-set.ts'
import { Scanners } from '../scanners.ts'
import { compileAllOwn } from './compile-own.ts'
import type { DetectorSpec } from './spec.ts'

const ASSET: DetectorSpec = {
  name: 'asset_no',
  pattern: 'AS-[0-9]{4}',
  near: ['inventory'],
  with: 'redact',
  examples: { matches: ['inventory AS-1234'], leaves_alone: ['AS-1234 alone'] },
}
const NAMING: readonly Terms[] = [{ entities: ['asset_no'], with: 'redact' }]

function setUp(spec: DetectorSpec) {
  const { own } = compileAllOwn([spec])
  expect(own).toHaveLength(1)
  const scanners = new Scanners(own)
  return (text: string, terms: readonly Terms[]): boolean => {
    const looked = own.map(({ name, score, action }) => ({ name, score, with: action }))
    const rules = makeRuleSet({ profile: 'off', side: 'results', terms, own: looked })
    const book = { mint: () => undefined, alias: () => false, hash: () => '' }
    const asked = {
      scanner: scanners.for(rules),
      rules,
      book,
      restored: [],
      schema: undefined,
      binary: 'pass',
    } as const
    return maskMessage(encodeUtf8(JSON.stringify({ text })), asked).kind === 'changed'
  }
}

describe('a kind of the configuration with words that must stand near it', () => {
  it.each([
    ['no rule names it', []],
    ['a rule names it', NAMING],
  ])('needs one of them where %s', (_, terms) => {
    const isHidden = setUp(ASSET)
    expect(isHidden('inventory AS-1234', terms)).toBe(true)
    expect(isHidden('AS-1234 is on leave', terms)).toBe(false)
  })

  it('needs none where its own score is enough', () => {
    const examples = { matches: ['AS-1234'], leaves_alone: ['AS-12'] }
    expect(setUp({ ...ASSET, score: 0.7, examples })('AS-1234 is on leave', NAMING)).toBe(true)
  })
})
