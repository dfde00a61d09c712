import { isoMicros } from '../audit/iso-time.ts'
import type { Facts } from '../facts/facts.ts'
import { textAt } from '../recording/read.ts'
import { whoOf } from '../recording/print.ts'
import { type Compared, isWider, mayBeWider } from './backtest-run.ts'

/** What a back-test found. Depends on the records and the policy alone, so two runs over the same say the same. */
export interface BacktestReport {
  readonly policy: string
  readonly decisions: number
  /** Time of the first and the last of them. */
  readonly first: string | null
  readonly last: string | null
  readonly changes: readonly Change[]
  /** How many came out as they did, by effect. */
  readonly unchanged: Readonly<Record<string, number>>
  readonly not_judged: {
    readonly count: number
    /** Of these, what was refused or held up, and may be allowed by the new policy. */
    readonly may_widen: number
    /** A call may have several. */
    readonly reasons: Readonly<Record<string, number>>
    readonly examples: readonly Example[]
  }
  /** Calls that were refused or held up and would be allowed. */
  readonly widening: number
}

export interface Change {
  readonly from: string
  readonly to: string
  readonly widens: boolean
  readonly count: number
  readonly identities: number
  /** By which rule then, and by which now; the most frequent first. */
  readonly rules: readonly { readonly from: string; readonly to: string; readonly count: number }[]
  readonly examples: readonly Example[]
}

export interface Example {
  readonly seq: number
  readonly time: string
  readonly who: string
  readonly connection: string
  readonly what: string
  /** In a few words, and never an argument. */
  readonly facts: string
}

const EXAMPLES_MAX = 3

/** Gathers one comparison after another. */
export class BacktestTally {
  readonly #changes = new Map<string, ChangeTally>()
  readonly #unchanged = new Map<string, number>()
  readonly #reasons = new Map<string, number>()
  readonly #unjudged: Example[] = []
  #decisions = 0
  #unjudgedCount = 0
  #mayWiden = 0
  #widening = 0
  #first: string | undefined
  #last: string | undefined

  add(compared: Compared): void {
    const { was, is, record } = compared
    this.#decisions += 1
    this.#last = isoMicros(record.stored.entry.time)
    this.#first ??= this.#last
    if (isWider(compared)) this.#widening += 1
    if (mayBeWider(compared)) this.#mayWiden += 1
    if (is.effect === undefined) this.#addUnjudged(compared, is.reasons)
    else if (is.effect === was.effect) count(this.#unchanged, is.effect)
    else this.#changeOf(was.effect, is.effect).add(compared, { from: was.rule, to: is.rule })
  }

  report(policy: string): BacktestReport {
    return {
      policy,
      decisions: this.#decisions,
      first: this.#first ?? null,
      last: this.#last ?? null,
      changes: [...this.#changes.values()].map((change) => change.report()).toSorted(wideningFirst),
      unchanged: sorted(this.#unchanged),
      not_judged: {
        count: this.#unjudgedCount,
        may_widen: this.#mayWiden,
        reasons: sorted(this.#reasons),
        examples: this.#unjudged,
      },
      widening: this.#widening,
    }
  }

  #addUnjudged(compared: Compared, reasons: readonly string[]): void {
    this.#unjudgedCount += 1
    for (const reason of reasons) count(this.#reasons, reason)
    if (this.#unjudged.length < EXAMPLES_MAX) this.#unjudged.push(exampleOf(compared))
  }

  #changeOf(from: string, to: string): ChangeTally {
    const key = `${from} ${to}`
    const known = this.#changes.get(key)
    if (known !== undefined) return known
    const change = new ChangeTally(from, to)
    this.#changes.set(key, change)
    return change
  }
}

class ChangeTally {
  readonly #from: string
  readonly #to: string
  readonly #identities = new Set<string>()
  readonly #rules = new Map<string, { from: string; to: string; count: number }>()
  readonly #examples: Example[] = []
  #count = 0

  constructor(from: string, to: string) {
    this.#from = from
    this.#to = to
  }

  add(compared: Compared, { from, to }: { from: string; to: string }): void {
    const { who } = compared.asked
    this.#count += 1
    this.#identities.add(`${who.issuer ?? ''} ${who.subject}`)
    const key = `${from} ${to}`
    this.#rules.set(key, { from, to, count: (this.#rules.get(key)?.count ?? 0) + 1 })
    if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(exampleOf(compared))
  }

  report(): Change {
    return {
      from: this.#from,
      to: this.#to,
      widens: this.#to === 'allow',
      count: this.#count,
      identities: this.#identities.size,
      rules: [...this.#rules.values()].toSorted((a, b) => b.count - a.count || compareText(pairOf(a), pairOf(b))),
      examples: this.#examples,
    }
  }
}

function exampleOf({ asked, record }: Compared): Example {
  const { envelope, stored } = record
  return {
    seq: stored.seq,
    time: isoMicros(stored.entry.time),
    who: whoOf(envelope) ?? asked.who.subject,
    connection: asked.connection.name,
    what: [asked.circumstances.method, textAt(envelope, 'mcp', 'target') ?? ''].join(' ').trim(),
    facts: factsInShort(asked.circumstances.facts),
  }
}

/** `sql read of users, orders`; `shell psql`. */
function factsInShort({ sql, shell, http, mongo, k8s, cloud }: Facts): string {
  const tables = [...new Set([...sql.tables_read, ...sql.tables_written])]
  return [
    told('sql', sql, [words(sql.verbs), tables.length === 0 ? '' : `of ${words(tables)}`]),
    told('shell', shell, [words(shell.programs)]),
    told('http', http, [http.method, http.host]),
    told('mongo', mongo, [mongo.op, mongo.collection]),
    told('k8s', k8s, [k8s.verb, k8s.resource]),
    told('cloud', cloud, [cloud.provider, cloud.service, cloud.action]),
  ]
    .filter((text) => text !== '')
    .join('; ')
}

function told(kind: string, facts: { present: boolean; parsed: boolean }, texts: readonly string[]): string {
  if (!facts.present) return ''
  return [kind, ...(facts.parsed ? texts : ['unreadable'])].filter((text) => text !== '').join(' ')
}

/** Names in an example; a statement may have hundreds. */
const WORDS_MAX = 5

function words(list: readonly string[]): string {
  return [...list.slice(0, WORDS_MAX), ...(list.length > WORDS_MAX ? ['…'] : [])].join(', ')
}

function wideningFirst(a: Change, b: Change): number {
  return Number(b.widens) - Number(a.widens) || compareText(pairOf(a), pairOf(b))
}

function pairOf({ from, to }: { from: string; to: string }): string {
  return `${from} ${to}`
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => compareText(a, b)))
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
