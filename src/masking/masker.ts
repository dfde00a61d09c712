import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { ConnectionMasking } from './connection-masking.ts'
import { type Asked, maskMessage } from './engine.ts'
import { classifyKey } from './keys/dictionary.ts'
import type { Hide } from './masked.ts'
import { MaskedPassage } from './masked-passage.ts'
import type { ConnectionMasker, PassageAbout, PassageMasking } from './passage.ts'
import { type OwnDetector, ownAt } from './patterns/own-detector.ts'
import { type FullScope, Restoring } from './restoring.ts'
import { makeRuleSet, NO_TERMS, type RuleSet, type RuleSetParts, type Terms } from './rule-set.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'
import type { Scanners } from './scanners.ts'
import { type Sensitive, sensitiveFinder } from './sensitive.ts'
import type { Sealer } from './sealing.ts'
import { type Book, REDACTING } from './surrogates/book.ts'
import type { SurrogateVault } from './surrogates/vault.ts'

/** What all connections share. */
export interface MaskerParts {
  readonly scanners: Scanners
  /** Kinds of the configuration, in the order of their ids. */
  readonly own: readonly OwnDetector[]
  readonly vault: SurrogateVault
  readonly nowMs: () => number
  readonly sealer: Sealer
  /** Different values that may turn back for one caller on one connection within a minute. */
  readonly restoresPerMinute: number
  /** Somebody's stand-ins have no room left: new values are redacted. */
  readonly onFull: (whose: FullScope) => void
  /** Undefined for a schema that cannot be used. */
  readonly checksOf: (schema: JsonObject) => SchemaChecks | undefined
}

export interface OfConnection {
  readonly name: string
  readonly terms: ConnectionMasking
  /** Connections that share its stand-ins, itself among them. */
  readonly group: readonly string[]
  /** Arguments that policy reads as SQL, commands or URLs, as paths. */
  readonly judged: readonly string[]
  /** Hides the connection's own credentials, first of all. */
  readonly credentials: Hide
}

/** Masking of one connection: rule sets are made once for each set of obligations that occurs. */
export class Masker implements ConnectionMasker {
  readonly parts: MaskerParts
  readonly of: OfConnection
  readonly restoring: Restoring
  readonly #sets = new Map<string, RuleSet>()
  /** Short texts that nothing had to be hidden in. */
  readonly #clean = new Set<string>()
  readonly #findSensitive: ReturnType<typeof sensitiveFinder>

  constructor(parts: MaskerParts, of: OfConnection) {
    this.parts = parts
    this.of = of
    this.#findSensitive = sensitiveFinder(parts.scanners, parts.own)
    this.restoring = new Restoring(parts, { upstream: of.name, terms: of.terms, group: of.group, judged: of.judged })
    // Built before anybody calls: it takes a fifth of a second, and the first call would wait for it.
    for (const side of SIDES) this.asked(side, NO_TERMS, { tool: undefined, book: REDACTING })
  }

  passage(about: PassageAbout): PassageMasking {
    return new MaskedPassage(this, about)
  }

  label(text: string): string {
    const clean = this.of.credentials.text(text)
    // Names of tools come again with every call.
    if (this.#clean.has(clean)) return clean
    const masked = maskedText(clean, this.asked('record', NO_TERMS, { tool: undefined, book: REDACTING }))
    if (masked !== clean || clean.length > CLEAN_CHARS_MAX) return masked
    if (this.#clean.size >= CLEAN_MAX) this.#clean.clear()
    this.#clean.add(clean)
    return clean
  }

  recorded(list: string): string | undefined {
    const bytes = encodeUtf8(list)
    const clean = this.of.credentials.bytes(bytes)
    const result = maskMessage(clean, this.asked('record', NO_TERMS, { tool: undefined, book: REDACTING }))
    if (result.kind === 'refused') return undefined
    return result.bytes === bytes ? list : decodeUtf8(result.bytes)
  }

  secretsIn(definition: string): readonly string[] {
    const asked = this.asked('definitions', NO_TERMS, { tool: undefined, book: REDACTING })
    const result = maskMessage(encodeUtf8(definition), { ...asked, isPart: true })
    return result.kind === 'refused' ? [] : Object.keys(result.evidence.counts)
  }

  isSensitiveName(name: string): boolean {
    const kind = classifyKey(name)
    const { actions } = this.rulesOf('results', NO_TERMS, undefined)
    return kind !== undefined && (actions[kind.entity] ?? 'allow') !== 'allow'
  }

  sensitiveIn(args: string, tool: string | undefined): Sensitive | undefined {
    return this.#findSensitive(args, { connection: this.of.name, tool })
  }

  /** What a message of one side is masked by. */
  asked(side: Side, terms: readonly Terms[], { tool, book }: { tool: string | undefined; book: Book }): Asked {
    const rules = this.rulesOf(side, terms, tool)
    const { binary } = this.of.terms
    return { rules, scanner: this.parts.scanners.for(rules), restored: [], schema: undefined, binary, book }
  }

  rulesOf(side: Side, terms: readonly Terms[], tool: string | undefined): RuleSet {
    const { looked, key: ownKey } = ownAt(this.parts.own, { connection: this.of.name, tool })
    const key = `${side} ${terms.length === 0 ? '' : JSON.stringify(terms)} ${ownKey}`
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    const made = makeRuleSet({ profile: this.of.terms.profile, side, terms, own: looked })
    // Obligations are those of a policy's rules, so there are few; a new policy brings others.
    if (this.#sets.size >= RULE_SETS_MAX) this.#sets.clear()
    this.#sets.set(key, made)
    return made
  }
}

type Side = RuleSetParts['side']
const SIDES: readonly Side[] = ['results', 'arguments', 'record', 'definitions']

const RULE_SETS_MAX = 1_000
/** Names of all tools of a large server, with as much again. */
const CLEAN_MAX = 1_000
/** Names of tools, and what clients call themselves: those of browsers are long, and on every record. */
const CLEAN_CHARS_MAX = 256

function maskedText(text: string, asked: Asked): string {
  const bytes = encodeUtf8(text)
  const result = maskMessage(bytes, asked)
  if (result.kind === 'clean') return text
  return result.kind === 'refused' ? `[withheld: ${result.why}]` : decodeUtf8(result.bytes)
}
