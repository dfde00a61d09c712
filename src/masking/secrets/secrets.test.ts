import { describe, expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { secretFinder } from '../../../test/support/masking/secret-finder.ts'
import { NEAR_RULES, NEAR_RULES_K_TO_Z } from './near-rules.ts'
import { BUSINESS_RULES } from './prefix-rules-business.ts'
import { CLOUD_RULES } from './prefix-rules-cloud.ts'
import type { PrefixRuleMore } from './prefix-rule.ts'
import { CODE_RULES } from './prefix-rules-code.ts'
import { type Shape, shapesOf } from './shape.ts'

const PREFIX_RULES = [...CLOUD_RULES, ...CODE_RULES, ...BUSINESS_RULES].map(([rule, shape, more = {}]) => ({
  rule,
  shape,
  more,
}))
const ALL_NEAR_RULES = [...NEAR_RULES, ...NEAR_RULES_K_TO_Z].map(([names, rule, shape, free]) => ({
  names: names.split(' '),
  rule,
  shape,
  isFree: free !== undefined,
}))

/** How people and programs give a value to a name. */
const STYLES: readonly ((name: string, value: string) => string)[] = [
  (name, value) => `${name}Token="${value}"`,
  (name, value) => `${name}Token = ${value}`,
  (name, value) => `{\n    "${name}_token": "${value}"\n}`,
  (name, value) => `{"config.ini": "${name.toUpperCase()}_TOKEN=${value}\\nBACKUP_ENABLED=true"}`,
  (name, value) => `<${name}Token>\n    ${value}\n</${name}Token>`,
  (name, value) => `<add key="${name}ApiKey" value="${value}"/>`,
  (name, value) => `${name}_token: '${value}'`,
  (name, value) => `const char* ${name}Token = "${value}";`,
  (name, value) => `var ${name}Token string = "${value}"`,
  (name, value) => `let ${name}Token: string = "${value}"`,
  (name, value) => `${name}Token := \`${value}\``,
  (name, value) => `$${name}Token .= "${value}"`,
  (name, value) => `System.setProperty("${name.toUpperCase()}_TOKEN", "${value}")`,
  (name, value) => `  "${name}Token" => "${value}"`,
  (name, value) => `${name}_TOKEN ?= "${value}"`,
  (name, value) => `${name}_TOKEN :::= "${value}"`,
  (name, value) => `export ${name.toUpperCase()}_API_KEY=${value};`,
  (name, value) => `${name}_api_key,${value}\n`,
  (name, value) => `| ${name} api key | ${value} |`,
  (name, value) => `${name}_secret: |-\n  ${value}\n`,
  (name, value) => `os.environ["${name.toUpperCase()}_SECRET"] = "${value}"`,
  (name, value) => `{"name":"${name.toUpperCase()}_TOKEN","value":"${value}"}`,
]

/** The text itself, as a string of JSON, and as one of JSON in JSON. */
const LEVELS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify({ text }),
  (text) => JSON.stringify({ text: JSON.stringify({ text }) }),
]

/** Names of vendors that speak of credentials by themselves. */
const SAYS_SO = /key|token|secret|auth|access|client|tenant|api|pass|cred|sign/

const find = secretFinder()
const chance = new Chance(31)

describe('a secret with the mark of its vendor', () => {
  it.each(PREFIX_RULES)('is found wherever it stands: $rule', (rule) => {
    for (const shape of shapesOf(rule.shape)) {
      const value = withDigits(shape, rule.more)
      const texts = [value, `see ${value}.`, `(${value})`, `a\n${value}\nb`, `key=${value}`, `"a":"${value}"`]
      expect(texts.flatMap((one) => missedIn(one, value))).toEqual([])
    }
  })

  it.each(PREFIX_RULES.filter(({ more }) => more.address !== true))(
    'is nothing in the middle of a longer word: $rule',
    (rule) => {
      const value = shapesOf(rule.shape).map(valueOf).join(' ')
      const glued = value.replaceAll(/(^| )/g, '$1qzx')
      expect(find(glued).filter(({ by, start }) => by === 'prefix' && glued.slice(start - 3, start) === 'qzx')).toEqual(
        [],
      )
    },
  )
})

describe('a secret near the name of its vendor', () => {
  it.each(ALL_NEAR_RULES)('is found however it is given: $rule', (rule) => {
    for (const name of rule.names)
      for (const shape of shapesOf(rule.shape)) {
        // An equals sign at the beginning looks like the rest of an operator where the length may vary.
        const value = chance.until(
          () => valueOf(shape),
          (made) => !made.startsWith('='),
        )
        expect(STYLES.flatMap((style) => missedIn(style(name, value), value))).toEqual([])
      }
  })

  it('is found where its letters stand in groups', () => {
    const value = `s.${['KQxwvm', 'ZTrfhqr7', 'pmdtyLkjyr'].join('')}`
    expect(missedIn(`VAULT: ${value}`, value)).toEqual([])
  })

  it('is found where it begins with what looks like the rest of an operator', () => {
    const value = `=${chance.shaped('w{42}')}`
    const texts = [`contentfulToken="${value}"`, `CONTENTFUL_TOKEN=${value}`, `contentful_token: '${value}'`]
    expect(texts.flatMap((text) => missedIn(text, value))).toEqual([])
  })

  it.each(ALL_NEAR_RULES.filter(({ names, isFree }) => !isFree && !names.some((name) => SAYS_SO.test(name))))(
    'is nothing where the name does not speak of credentials: $rule',
    ({ names, shape }) => {
      const value = valueOf(shapesOf(shape)[0])
      const texts = names.map((name) => `"${name}_channel": "${value}"`)
      expect(texts.filter((text) => find(text).some(({ by }) => by === 'near'))).toEqual([])
    },
  )
})

describe('a random value of a name that says secret', () => {
  it.each([
    'api_key',
    'apiKey',
    'clientSecret',
    'X-Auth-Token',
    'DB_PASSWORD',
    'secret_access_key',
    'encryption.key',
    'access_token_2',
    'webhookSecret',
    'signing_key',
    'service_account_credentials',
  ])('is found however it is given: %s', (name) => {
    const value = `${chance.shaped('w{30}')}7q`
    const given = [
      `${name}="${value}"`,
      `${name}: ${value}`,
      `"${name}" : "${value}",`,
      `${name} := '${value}'`,
      `<${name}>${value}</${name}>`,
      `run --${name} ${value}`,
      `#define ${name} "${value}"`,
    ]
    expect(given.flatMap((text) => missedIn(text, value))).toEqual([])
  })
})

/** The texts that hide the value from the search: at each level of JSON, where it is found only in part or not at all. */
function missedIn(text: string, value: string): string[] {
  return LEVELS.map((level) => level(text)).filter((leveled, index) => {
    const start = leveled.indexOf(value)
    const found = find(leveled, { raw: index > 0 })
    return start < 0 || !found.some((one) => one.start <= start && one.end >= start + value.length)
  })
}

/** Where the rule asks for digits among the letters, a value without any is none. */
function withDigits(shape: Shape, { mixed }: PrefixRuleMore): string {
  return chance.until(
    () => valueOf(shape),
    (value) => mixed !== true || /\d.*\d/.test(value.slice(shape.wordAt + shape.word.length)),
  )
}

/** A value by chance of a shape: what the vendor would give out. */
function valueOf(shape: Shape | undefined): string {
  const parts = shape?.parts ?? []
  return parts
    .map(({ table, least, most }) => {
      const characters = [...table.keys()].filter((byte) => table[byte] === 1).map((byte) => String.fromCharCode(byte))
      const count = chance.between(least, Math.min(most, least + 8))
      return Array.from({ length: count }, () => chance.pick(characters)).join('')
    })
    .join('')
}
