import { CHECKS, type Method, methodsOf, RAISING_CHECKS } from './coverage-methods.ts'
import { ENTITY_NAMES } from './entities.ts'
import type { OwnDetector, OwnLooked } from './patterns/own-detector.ts'
import { type Action, strictest } from './replace/actions.ts'
import { makeRuleSet, NO_TERMS, type RuleSet, type RuleSetParts, type Terms } from './rule-set.ts'
import { LEAF_CHARS_MIN } from './texts.ts'
import { BASE64_CHARS_MAX, BASE64_CHARS_MIN } from './views/base64.ts'

/** What becomes of one kind of value, and how it is found. */
export interface CoveredEntity {
  readonly entity: string
  /** In what a client gets. */
  readonly action: Action
  /** In what a server gets, and in what is kept of it; `allow` where it is not looked for there. */
  readonly arguments: Action
  readonly record: Action
  /** The score that it needs in results, 0 to 1. */
  readonly threshold: number
  readonly found: readonly Method[]
  /** Its check digits, where it has any, and what becomes of values where they are wrong. */
  readonly check?: { readonly by: string; readonly wrong: 'needs a word near it' | 'changes nothing' }
}

/** Values that rules of the policy name by their path, and what becomes of them; `allow`: no rule hides them there. */
export interface CoveredField {
  readonly path: string
  readonly action: Action
  readonly arguments: Action
}

export interface Coverage {
  /** Names the rules for results. */
  readonly rules: string
  readonly fields: readonly CoveredField[]
  readonly covered: readonly CoveredEntity[]
  /** Kinds that nobody looks for here, whichever way a message goes. */
  readonly notLookedFor: readonly string[]
  readonly inspected: readonly string[]
  readonly notInspected: readonly string[]
}

export interface CoverageTerms extends Pick<RuleSetParts, 'profile'> {
  /** What the rules of a policy say of results and of arguments. */
  readonly terms: Readonly<Record<'results' | 'arguments', readonly Terms[]>>
  /** Kinds of the configuration, in the order of their ids, and what becomes of them; undefined where one is not looked for. */
  readonly own: readonly (OwnLooked & Pick<OwnDetector, 'near'>)[]
  /** What becomes of content that no text can be read from. */
  readonly binary: 'pass' | 'drop' | 'block'
  /** Whether an outside detector is asked for names in prose. */
  readonly hasAnalyzer: boolean
}

/** What these rules look for, where, and what they leave out: for whoever has to vouch for it. */
export function coverageOf({ profile, terms, own, binary, hasAnalyzer }: CoverageTerms): Coverage {
  const parts = { profile, own }
  const results = makeRuleSet({ ...parts, side: 'results', terms: terms.results })
  const sent = makeRuleSet({ ...parts, side: 'arguments', terms: terms.arguments })
  const record = makeRuleSet({ ...parts, side: 'record', terms: NO_TERMS })
  const all = [
    ...ENTITY_NAMES.map((entity) => ({ entity, found: methodsOf(entity), ...checkOf(entity) })),
    ...own.map(({ name, near }) => ({ entity: name, found: ownMethods(near) })),
  ].map((kind, id) => ({
    ...kind,
    action: actionIn(results, id),
    arguments: actionIn(sent, id),
    record: actionIn(record, id),
    threshold: results.thresholds[id] ?? Infinity,
  }))
  const named = all.filter(({ found }) => found.length > 0)
  const isLookedFor = ({ threshold, ...kind }: (typeof named)[number]) =>
    threshold <= 1 || kind.arguments !== 'allow' || kind.record !== 'allow'
  const fields = fieldsOf(results, sent)
  return {
    rules: results.hash,
    fields,
    covered: named.filter(isLookedFor),
    notLookedFor: named.filter((kind) => !isLookedFor(kind)).map(({ entity }) => entity),
    inspected: INSPECTED,
    notInspected: [
      OPAQUE[binary],
      hasAnalyzer ? UNASKED : PROSE,
      ...NOT_INSPECTED,
      ...(fields.length === 0 ? [] : [FIELDS_ARE_MEMBERS]),
    ],
  }
}

function fieldsOf(results: RuleSet, sent: RuleSet): CoveredField[] {
  const texts = [...results.paths, ...sent.paths].map(({ text }) => text)
  return [...new Set(texts)].map((path) => ({
    path,
    action: fieldActionIn(results, path),
    arguments: fieldActionIn(sent, path),
  }))
}

function fieldActionIn({ paths }: RuleSet, text: string): Action {
  return paths.reduce<Action>((so, path) => (path.text === text ? strictest(so, path.action) : so), 'allow')
}

/** What is not looked for passes. */
function actionIn({ thresholds, actions }: RuleSet, id: number): Action {
  return (thresholds[id] ?? Infinity) <= 1 ? (actions[id] ?? 'redact') : 'allow'
}

function checkOf(entity: (typeof ENTITY_NAMES)[number]): Pick<CoveredEntity, 'check'> {
  const by = CHECKS[entity]
  if (by === undefined) return {}
  return { check: { by, wrong: RAISING_CHECKS.has(entity) ? 'changes nothing' : 'needs a word near it' } }
}

function ownMethods(near: readonly string[]): Method[] {
  return near.length > 0 ? ['own', 'context'] : ['own']
}

const INSPECTED: readonly string[] = [
  'plain text, and every text, key and number of JSON',
  'JSON inside texts of JSON, three levels deep',
  'tables (CSV, Markdown, HTML, of terminals and databases), statements of SQL, YAML, XML and settings in texts',
  'the same behind escapes, percent-encoding, HTML references, quoted-printable and base64, in other digits, with invisible characters',
  'resources in base64 that are text',
  'values that are cut over blocks of text of one result, or over notifications of one stream',
  'names around a value: its key, keys above it, its column, the name in the field beside it',
]

const OPAQUE: Readonly<Record<CoverageTerms['binary'], string>> = {
  pass: 'images, audio, archives, PDF and office files: they pass as they are',
  drop: 'images, audio, archives, PDF and office files: they are taken out',
  block: 'images, audio, archives, PDF and office files: such a message is refused',
}

const PROSE = 'names and addresses of persons in prose, where no key says what they are: that takes an analyzer'

const UNASKED = `names and addresses of persons in prose that the analyzer is not asked about: in keys of one word, in base64 within texts, in texts of fewer than ${LEAF_CHARS_MIN} characters, in definitions, at tools that it does not look at, and in what clients send`

/** What a rule means by `fields`, for whoever thinks of columns. */
export const FIELDS_ARE_MEMBERS =
  'fields that rules name are members of JSON: columns of tables, and YAML, XML or settings in texts have none'

const NOT_INSPECTED: readonly string[] = [
  'encrypted or compressed content, and encodings of a tool of its own',
  `base64 in texts of fewer than ${BASE64_CHARS_MIN} characters, and what is behind ${BASE64_CHARS_MAX} of them`,
  'values that are split over several members, calls or streams, or spelled in words',
  'definitions of tools, prompts and templates are never rewritten: secrets in them are counted',
  'what a value that is shown gives away together with others',
]
