import { ENTITY_NAMES, type EntityName } from './entities.ts'
import { KEY_GROUPS } from './keys/dictionary.ts'
import { CONTEXT_WORDS } from './numbers/context.ts'
import type { OwnDetector } from './patterns/own-detector.ts'
import { factsOf } from './replace/entity-groups.ts'
import type { Action } from './replace/actions.ts'
import type { RuleSet } from './rule-set.ts'

/** How a kind is found. `form`: a shape or a prefix that is documented, or the grammar around it (a URL, a PEM block). */
export type Method = 'shape' | 'form' | 'checksum' | 'key' | 'context' | 'own'

/** What becomes of one kind of value, and how it is found. */
export interface CoveredEntity {
  readonly entity: string
  readonly action: Action
  /** The score that it needs, 0 to 1. */
  readonly threshold: number
  readonly found: readonly Method[]
}

export interface Coverage {
  /** Names the rules. */
  readonly rules: string
  readonly covered: readonly CoveredEntity[]
  /** Kinds that nobody looks for here. */
  readonly notLookedFor: readonly string[]
  readonly inspected: readonly string[]
  readonly notInspected: readonly string[]
}

export interface CoverageTerms {
  readonly rules: RuleSet
  /** Kinds of the configuration, in the order of their ids. */
  readonly own: readonly OwnDetector[]
  /** What becomes of content that no text can be read from. */
  readonly binary: 'pass' | 'drop' | 'block'
  /** Whether an outside detector is asked for names in prose. */
  readonly hasAnalyzer: boolean
}

/** What these rules look for, where, and what they leave out: for whoever has to vouch for it. */
export function coverageOf({ rules, own, binary, hasAnalyzer }: CoverageTerms): Coverage {
  // A field is named by a path, and is no kind that could be looked for by itself.
  const builtIn = ENTITY_NAMES.map((entity) => ({ entity, found: methodsOf(entity) }))
  const ofOwn = own.map(({ name, near }) => ({ entity: name, found: ownMethods(near) }))
  const all = [...builtIn, ...ofOwn].map((kind, id) => ({
    ...kind,
    action: rules.actions[id] ?? 'redact',
    threshold: rules.thresholds[id] ?? Infinity,
  }))
  const named = all.filter(({ found }) => found.length > 0)
  return {
    rules: rules.hash,
    covered: named
      .filter(({ threshold }) => threshold <= 1)
      .map(({ entity, action, threshold, found }) => ({ entity, action, threshold, found })),
    notLookedFor: named.filter(({ threshold }) => threshold > 1).map(({ entity }) => entity),
    inspected: INSPECTED,
    notInspected: [OPAQUE[binary], ...(hasAnalyzer ? [] : [PROSE]), ...NOT_INSPECTED],
  }
}

const INSPECTED: readonly string[] = [
  'plain text, and every text, key and number of JSON, however deep',
  'JSON inside texts of JSON, and tables, YAML, XML and settings in texts',
  'the same behind escapes, percent-encoding and base64, and resources in base64 that are text',
  'names around a value: its key, keys above it, its column, the name in the field beside it',
]

const OPAQUE: Readonly<Record<CoverageTerms['binary'], string>> = {
  pass: 'images, audio, archives, PDF and office files: they pass as they are',
  drop: 'images, audio, archives, PDF and office files: they are taken out',
  block: 'images, audio, archives, PDF and office files: such a message is refused',
}

const PROSE = 'names and addresses of persons in prose, where no key says what they are: that takes an analyzer'

const NOT_INSPECTED: readonly string[] = [
  'encrypted or compressed content, and encodings of a tool of its own',
  'values that are split over several texts, messages or calls',
  'what a value that is shown gives away together with others',
]

/** Keys name them; nothing of their own shows what they are. */
const BY_NAME_ONLY: ReadonlySet<EntityName> = new Set<EntityName>([
  'pin',
  'card_verification',
  'bank_account',
  'person_name',
  'postal_address',
  'gender',
  'coordinates',
  'national_id',
])

/** Those that have a check digit or the like in some form of theirs. */
const CHECKED: ReadonlySet<EntityName> = new Set<EntityName>([
  'credit_card',
  'iban',
  'crypto_wallet',
  'us_npi',
  'us_aba',
  'us_dea',
  'uk_nhs',
  'ca_sin',
  'au_tfn',
  'au_abn',
  'au_acn',
  'au_medicare',
  'de_tax_id',
  'de_social_security',
  'de_health_insurance',
  'de_id_card',
  'de_passport',
  'de_vat_id',
  'de_lanr',
  'fr_nir',
  'es_nif',
  'es_nie',
  'it_fiscal_code',
  'it_vat',
  'br_cpf',
  'br_cnpj',
  'pl_pesel',
  'se_personnummer',
  'se_organisationsnummer',
  'fi_pic',
  'tr_national_id',
  'za_id',
  'in_aadhaar',
  'in_gstin',
  'kr_rrn',
  'kr_frn',
  'kr_brn',
  'sg_nric',
  'sg_uen',
  'th_national_id',
  'ng_nin',
  'ph_tin',
])

const KEYED: ReadonlySet<EntityName> = new Set(KEY_GROUPS.map(({ entity }) => entity))

function methodsOf(entity: EntityName): Method[] {
  // A connection's own credentials are hidden by their value, whatever the rules; a field is named by its path.
  if (entity === 'field' || entity === 'credential') return []
  const found: Method[] = []
  if (!BY_NAME_ONLY.has(entity)) found.push(factsOf(entity).isSecret ? 'form' : 'shape')
  if (CHECKED.has(entity)) found.push('checksum')
  if (KEYED.has(entity)) found.push('key')
  if (CONTEXT_WORDS[entity] !== undefined) found.push('context')
  return found
}

function ownMethods(near: readonly string[]): Method[] {
  return near.length > 0 ? ['own', 'context'] : ['own']
}
