import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { ConnectionMasking } from './connection-masking.ts'
import { type Asked, maskMessage } from './engine.ts'
import type { Hide } from './masked.ts'
import { MaskedPassage } from './masked-passage.ts'
import type { ConnectionMasker, PassageAbout, PassageMasking } from './passage.ts'
import type { OwnDetector } from './patterns/own-detector.ts'
import { Restoring } from './restoring.ts'
import { makeRuleSet, NO_TERMS, type RuleSet, type RuleSetParts, type Terms } from './rule-set.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'
import type { Scanners } from './scanners.ts'
import type { Sealer } from './sealing.ts'
import type { Book } from './surrogates/book.ts'
import type { SurrogateVault } from './surrogates/vault.ts'

/** What all connections share. */
export interface MaskerParts {
  readonly scanners: Scanners
  /** Kinds of the configuration, in the order of their ids. */
  readonly own: readonly OwnDetector[]
  readonly vault: SurrogateVault
  readonly nowMs: () => number
  readonly sealer: Sealer
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

  constructor(parts: MaskerParts, of: OfConnection) {
    this.parts = parts
    this.of = of
    this.restoring = new Restoring(parts, { upstream: of.name, terms: of.terms, group: of.group, judged: of.judged })
    // Built before anybody calls: it takes a fifth of a second, and the first call would wait for it.
    for (const side of SIDES) this.asked(side, NO_TERMS, { tool: undefined, book: REDACTING })
  }

  passage(about: PassageAbout): PassageMasking {
    return new MaskedPassage(this, about)
  }

  label(text: string): string {
    const clean = this.of.credentials.text(text)
    return maskedText(clean, this.asked('record', NO_TERMS, { tool: undefined, book: REDACTING }))
  }

  /** What a message of one side is masked by. */
  asked(side: Side, terms: readonly Terms[], { tool, book }: { tool: string | undefined; book: Book }): Asked {
    const rules = this.rulesOf(side, terms, tool)
    const { binary } = this.of.terms
    return { rules, scanner: this.parts.scanners.for(rules), restored: [], schema: undefined, binary, book }
  }

  rulesOf(side: Side, terms: readonly Terms[], tool: string | undefined): RuleSet {
    const { own } = this.parts
    const looked = own.map((detector) => ({
      name: detector.name,
      with: detector.looksAt(this.of.name, tool) ? detector.action : undefined,
      score: detector.score,
    }))
    const key = `${side} ${terms.length === 0 ? '' : JSON.stringify(terms)} ${looked.map(({ with: one }) => (one === undefined ? 0 : 1)).join('')}`
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

/** For texts of which nothing is ever given back and nothing is compared. */
const REDACTING: Book = { mint: () => undefined, alias: () => false, hash: () => '' }

function maskedText(text: string, asked: Asked): string {
  const bytes = encodeUtf8(text)
  const result = maskMessage(bytes, asked)
  if (result.kind === 'clean') return text
  return result.kind === 'refused' ? `[withheld: ${result.why}]` : decodeUtf8(result.bytes)
}
