// The statement is for whoever vouches for it: what it says is held against what the engine does.
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MADE_CODES } from '../../test/support/masking/made-codes.ts'
import { type MadeKind, shaped } from '../../test/support/masking/made-kind.ts'
import { openMasker, progress, seenOf } from '../../test/support/masking/passages.ts'
import { MADE_SECRETS } from '../../test/support/masking/made-secrets.ts'
import { MADE_NUMBERS } from '../../test/support/masking/made-values.ts'
import { Chance } from '../../test/support/masking/random.ts'
import { encodeUtf8, toBase64 } from '../base/bytes.ts'
import { coverageOf, FIELDS_ARE_MEMBERS } from './coverage.ts'
import { ENTITY_NAMES } from './entities.ts'
import { type Explained, explainText } from './explain.ts'
import { maskMessage } from './engine.ts'
import { makeRuleSet, type RuleSet, type Terms } from './rule-set.ts'
import { REDACTING } from './surrogates/book.ts'
import { textsOf } from './texts.ts'
import { BASE64_CHARS_MAX, BASE64_CHARS_MIN } from './views/base64.ts'
import { Scanners } from './scanners.ts'

const chance = new Chance()
const SCANNERS = new Scanners([])
const DEFAULT = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })

const named = ENTITY_NAMES.map((entity) => ({ entities: [entity], with: 'redact' as const }))
const STATED = coverageOf({
  profile: 'default',
  terms: { results: named, arguments: [] },
  own: [],
  binary: 'pass',
  hasAnalyzer: false,
})

/** As it is with a policy that names fields, and an analyzer. */
const NOTES: Terms = { fields: ['*.internal_note'], with: 'redact' }
const WITH_FIELDS = coverageOf({
  profile: 'default',
  terms: {
    results: [NOTES],
    arguments: [
      { ...NOTES, with: 'block' },
      { fields: ['params.arguments.x'], with: 'hash' },
    ],
  },
  own: [],
  binary: 'pass',
  hasAnalyzer: true,
})

/** Kinds of which the makers make none, since nobody has to measure them. */
const MORE: readonly MadeKind[] = [
  { entity: 'url', label: 'address', make: (made) => `https://${made.shaped('a{8}')}.example/${made.shaped('a{4}')}` },
  shaped('date_time', 'on', '2026-11-19', '2026-02-19T19:29:59Z'),
  shaped('de_driving_licence', 'Führerschein', 'B999XXXXX91', 'J999XXXXX69'),
]
const MADE: ReadonlyMap<string, MadeKind> = new Map(
  [...MADE_NUMBERS, ...MADE_CODES, ...MORE].map((kind) => [kind.entity, kind]),
)

/** What a key says of those that have no form of their own. */
const KEYS: Readonly<Record<string, object>> = {
  pin: { pin: '4711' },
  card_verification: { cvv: '123' },
  bank_account: { account_number: '0123456789' },
  person_name: { surname: 'Lee' },
  gender: { gender: 'female' },
  coordinates: { latitude: 52.52, longitude: 13.405 },
  national_id: { national_id_number: 'AB-1234567' },
}

/** Seldom is a check character right that was taken by chance: 1 of 36. */
const TRIES = 300
const inside = (text: string) => JSON.stringify({ content: [{ type: 'text', text }] })
const FEW = 8

describe(`the coverage statement (seed ${chance.seed})`, () => {
  const claims = STATED.covered.map(({ entity, found, check }) => ({ entity, found, wrong: check?.wrong }))

  it('names every kind there is, or says that nobody looks for it', () => {
    const { covered, notLookedFor } = coverageOf({
      profile: 'default',
      terms: { results: [], arguments: [] },
      own: [],
      binary: 'pass',
      hasAnalyzer: false,
    })
    const said = [...covered.map(({ entity }) => entity), ...notLookedFor, 'credential', 'field']
    expect(said.toSorted()).toEqual([...ENTITY_NAMES].toSorted())
  })

  it.each(claims.flatMap(({ entity, found, wrong }) => (MADE.has(entity) ? [{ entity, found, wrong }] : [])))(
    'is right that $entity is found by $found, and what a wrong check digit does',
    ({ entity, found, wrong }) => {
      const kind = kindOf(entity)
      const rules = rulesFor(entity)
      expect(found.includes('shape')).toBe(isFoundBy(kind, rules, (why) => !/: (?:key|column)/.test(why)))
      expect(found.includes('checksum')).toBe(isAnyBare(kind, rules, ({ why }) => why.includes('its checksum passed')))
      expect(wrong).toBe(found.includes('checksum') ? wrongOf(kind, rules) : undefined)
    },
  )

  it('claims a shape or a check of no kind that is not held against made values here', () => {
    const others = claims.filter(({ entity, found }) => !MADE.has(entity) && !found.includes('form'))
    expect(others.flatMap(({ found }) => found).filter((method) => method !== 'key')).toEqual([])
  })

  it('is right that secrets are found by their form', () => {
    for (const { make } of MADE_SECRETS) expect(entitiesIn(`called with ${make(chance)} and`)).not.toEqual([])
  })

  const keyed = claims.filter(({ found }) => found.includes('key')).map(({ entity }) => entity)
  it.each(keyed)('is right that %s is found by its key', (entity) => {
    const keys = KEYS[entity] ?? { [entity]: MADE.get(entity)?.make(chance) ?? 'anything-9' }
    const found = explain(JSON.stringify(keys), rulesFor(entity))
    expect(found.filter(({ counts }) => counts).map((one) => one.entity)).toContain(entity)
  })

  const MAIL = 'ann.lee@corp.example'
  const INSPECTED: Readonly<Record<string, readonly string[]>> = {
    'plain text, and every text, key and number of JSON': [
      `to ${MAIL}`,
      JSON.stringify({ a: [[{ b: MAIL }]] }),
      JSON.stringify({ [MAIL]: 1 }),
      '{"n":41111111'.concat('11111111}'),
    ],
    'JSON inside texts of JSON, three levels deep': [inside(inside(inside(inside(MAIL))))],
    'tables (CSV, Markdown, HTML, of terminals and databases), statements of SQL, YAML, XML and settings in texts': [
      inside('id,surname\n1,Lee\n2,Ito\n'),
      inside('| id | surname |\n|----|----|\n| 1 | Lee |\n'),
      inside(' id | surname \n----+---------\n  1 | Lee\n'),
      inside('<table><tr><th>id</th><th>surname</th></tr><tr><td>1</td><td>Lee</td></tr></table>'),
      inside('ID  SURNAME  NOTE\n1   Lee      x\n2   Ito      y\n'),
      inside("INSERT INTO people (id, surname) VALUES (1, 'Lee')"),
      inside('user:\n  surname: Lee\n'),
      inside('<user><surname>Lee</surname></user>'),
      inside('DB_PASSWORD=correct-horse\n'),
    ],
    'the same behind escapes, percent-encoding, HTML references, quoted-printable and base64, in other digits, with invisible characters':
      [
        '{"t":"ann.lee\\u0040corp.example"}',
        inside('to ann.lee%40corp.example now'),
        inside('to ann.lee&#64;corp.example now'),
        inside('Content-Transfer-Encoding: quoted-printable\n\nto ann.l=\nee=40corp.example now'),
        inside(`see ${btoa(`write to ${MAIL}, she is the one`)} there`),
        inside('card ４１１１ １１１１ １１１１ １１１１ is'),
        inside('to ann.lee@co\u200brp.example now'),
      ],
    'resources in base64 that are text': [
      JSON.stringify({ uri: 'x:y', mimeType: 'text/plain', blob: btoa(`to ${MAIL}`) }),
    ],
    'names around a value: its key, keys above it, its column, the name in the field beside it': [
      '{"surname":"Lee"}',
      '{"ssn":{"value":"078051121"}}',
      '{"columns":["id","surname"],"rows":[[1,"Lee"]]}',
      '{"name":"DB_PASSWORD","value":"correct-horse"}',
    ],
  }

  const CUT = 'values that are cut over blocks of text of one result, or over notifications of one stream'
  it('is right about what is inspected, each line of it', () => {
    expect(Object.keys(INSPECTED)).toEqual(STATED.inspected.filter((line) => line !== CUT))
    for (const text of Object.values(INSPECTED).flat()) expect([text, entitiesIn(text).length]).toEqual([text, 1])
  })

  it('is right about values that are cut: within one result and one stream, and nowhere else', () => {
    using world = openMasker()
    const shown = (...events: string[]) => seenOf(world.passage(), events).map(({ text }) => text)
    const blocks = ['write to ann.lee@co', 'rp.example now'].map((text) => ({ type: 'text', text }))
    expect(STATED.inspected).toContain(CUT)
    expect(shown(JSON.stringify({ id: 1, result: { content: blocks } }))[0]).toContain('redacted:email')
    const [begin, rest] = [progress('paid with 4111 1111'), progress(' 1111 1111 today')]
    expect(shown(begin, rest)[1]).toContain('redacted:credit_card')
    expect(shown(rest)[0]).toContain(' 1111 1111 today')
    expect(STATED.notInspected.join()).toContain('values that are split over several members, calls or streams')
  })

  it('is right about the fields that rules name: members of JSON, and no columns', () => {
    expect(WITH_FIELDS.fields).toEqual([
      { path: '*.internal_note', action: 'redact', arguments: 'block' },
      { path: 'params.arguments.x', action: 'allow', arguments: 'hash' },
    ])
    expect(STATED.fields).toEqual([])
    const rules = makeRuleSet({ profile: 'off', side: 'results', terms: [NOTES], own: [] })
    const counted = (text: string) => explain(text, rules).filter(({ counts }) => counts).length
    expect(counted(inside('{"internal_note":"blue"}'))).toBe(1)
    const columns = 'id,internal_note\n1,blue\n'
    for (const text of [
      columns,
      inside(columns),
      inside('internal_note: blue\n'),
      inside('<internal_note>blue</internal_note>'),
    ])
      expect([text, counted(text)]).toEqual([text, 0])
    expect(WITH_FIELDS.notInspected).toContain(FIELDS_ARE_MEMBERS)
    expect(STATED.notInspected).not.toContain(FIELDS_ARE_MEMBERS)
  })

  it('is right about what an analyzer is not asked', () => {
    expect(WITH_FIELDS.notInspected.join()).toContain(
      'the analyzer is not asked about: in keys of one word, in base64 within texts, in texts of fewer than 4',
    )
    const prose = 'Yesterday Ann Lee was here, and stayed for the night.'
    const texts = textsOf(
      encodeUtf8(JSON.stringify({ AnnLee: 1, a: btoa(prose), b: 'Lee', c: 'Anna', Bo_Ek: 1 })),
    ).join()
    expect(texts).toContain('Anna')
    expect(textsOf(encodeUtf8(JSON.stringify({ [prose]: 1, blob: btoa(prose) })))).toEqual([`${prose}\n${prose}`])
    expect(texts).not.toMatch(/Lee/)
  })

  const base64 = (bytes: number) => inside(btoa(`to ${MAIL} `.padStart(bytes, '. ')))
  it('is right about base64 that is too short to be read, and too long', () => {
    const line = `base64 in texts of fewer than ${BASE64_CHARS_MIN} characters, and what is behind ${BASE64_CHARS_MAX} of them`
    expect(STATED.notInspected).toContain(line)
    const least = (BASE64_CHARS_MIN / 4) * 3
    const most = (BASE64_CHARS_MAX / 4) * 3
    const sizes = [least - 3, least, most, most + MAIL.length + 30]
    expect(sizes.map((size) => isChanged(base64(size)))).toEqual([false, true, true, false])
  })

  const UNSEEN: Readonly<Record<string, readonly string[]>> = {
    images: [JSON.stringify({ type: 'image', mimeType: 'image/png', data: btoa(`\x89PNG\r\n\x1a\n\xff ${MAIL}`) })],
    'names and addresses': ['Yesterday Ann Lee of 12 Elm Street was here.'],
    encrypted: [inside(toBase64(gzipSync(`write to ${MAIL}, ${MAIL.toUpperCase()} or whoever is there`)))],
    'values that are split': ['{"a":"ann.lee@","b":"corp.example"}', 'four one one one, and so on'],
  }

  it('is right about what is not inspected', () => {
    for (const [line, texts] of Object.entries(UNSEEN)) {
      expect(STATED.notInspected.filter((said) => said.startsWith(line))).toHaveLength(1)
      for (const text of texts) expect([text, entitiesIn(text)]).toEqual([text, []])
    }
    // Those of base64, definitions, and what a value gives away are elsewhere.
    expect(STATED.notInspected).toHaveLength(Object.keys(UNSEEN).length + 3)
  })
})

function rulesFor(entity: string): RuleSet {
  return makeRuleSet({ profile: 'off', side: 'results', terms: [{ entities: [entity], with: 'redact' }], own: [] })
}

function explain(text: string, rules: RuleSet): readonly Explained[] {
  return explainText(text, { rules, scanner: SCANNERS.for(rules) }) ?? []
}

function isChanged(text: string): boolean {
  const by = { scanner: SCANNERS.for(DEFAULT), rules: DEFAULT, book: REDACTING }
  return maskMessage(encodeUtf8(text), { ...by, restored: [], schema: undefined, binary: 'pass' }).kind === 'changed'
}

function entitiesIn(text: string): string[] {
  return [...new Set(explain(text, DEFAULT).flatMap(({ entity, counts }) => (counts ? [entity] : [])))]
}

function isFoundBy({ label, make }: MadeKind, rules: RuleSet, fits: (why: string) => boolean): boolean {
  const texts = Array.from({ length: FEW }, () => `The ${label} is ${make(chance)}.`)
  return texts.some((text) => explain(text, rules).some(({ counts, why }) => counts && fits(why)))
}

/** Words near values would say more than their check does, so they stand alone. */
function isAnyBare({ make }: MadeKind, rules: RuleSet, fits: (found: Explained) => boolean): boolean {
  for (let tries = 0; tries < TRIES; tries++) if (explain(make(chance), rules).some(fits)) return true
  return false
}

/** What becomes of values with another digit than theirs. */
function wrongOf(kind: MadeKind, rules: RuleSet): string {
  // One of their forms has a check that a wallet without capitals lacks.
  if (kind.entity === 'crypto_wallet') return 'needs a word near it'
  const broken = { ...kind, make: () => altered(kind.make(chance)) }
  return isAnyBare(broken, rules, ({ counts, why }) => counts && !why.includes('checksum'))
    ? 'changes nothing'
    : 'needs a word near it'
}

function altered(value: string): string {
  const at = chance.pick([...value.matchAll(/\d/g)].map(({ index }) => index))
  return `${value.slice(0, at)}${(Number(value[at]) + chance.between(1, 9)) % 10}${value.slice(at + 1)}`
}

function kindOf(entity: string): MadeKind {
  const kind = MADE.get(entity)
  if (kind === undefined) throw new Error(`nobody makes ${entity}`)
  return kind
}
