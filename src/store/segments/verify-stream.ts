import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseCheckpoints } from '../../audit/checkpoint.ts'
import { decodeEntry, type EntryFields } from '../../audit/entry.ts'
import { ownSaid } from '../../audit/own-said.ts'
import { type Finding, RecordChecker, type RecordFound } from '../../audit/verify.ts'
import { HeadChecker, type HeadCheckerOptions, type HeadFound, type HeadsReport } from '../../audit/verify-heads.ts'
import { PulseChecker } from '../../audit/verify-pulse.ts'
import { isObject, type JsonObject } from '../../base/json.ts'
import { CHECKPOINT, CHECKPOINTS } from './heads.ts'
import { TreeWatch } from './verify-tree.ts'
import { isNotThere } from './io.ts'

/** Heads with the signatures of witnesses, beside those that the log published. */
export const WITNESSED = 'witnessed'

export interface StreamCheckOptions extends Omit<HeadCheckerOptions, 'report'> {
  /** Of the segments, within the folder of the stream. */
  readonly wal: string
  /** Entries below it were pruned. */
  readonly start: number
  /** Heads of this log that were kept elsewhere. */
  readonly kept: readonly HeadFound[]
  /** Records from here on are below no head that counts; undefined: below the newest published one. */
  readonly proven: number | undefined
  readonly report: (finding: Finding) => void
  readonly warn: (finding: Finding) => void
  /** What the log says about itself, record by record. */
  readonly onSaid?: ((entry: EntryFields, said: JsonObject, found: RecordFound) => void) | undefined
}

/** Everything that is checked of a stream once its records are found, wherever they lie. */
export class StreamCheck {
  readonly #options: StreamCheckOptions
  readonly #heads: HeadChecker
  readonly #records: RecordChecker
  readonly #pulse: PulseChecker
  readonly #tree: TreeWatch
  readonly #published: number
  readonly #start: number
  #size: number

  constructor(options: StreamCheckOptions) {
    const { kept, proven, report, start, wal, warn } = options
    const folder = dirname(wal)
    this.#options = options
    this.#size = start
    this.#start = start
    this.#heads = new HeadChecker(options)
    const own = headsIn(join(folder, CHECKPOINTS))
    this.#published = own.at(-1)?.head?.size ?? 0
    this.#heads.own(own)
    for (const file of [CHECKPOINT, WITNESSED]) for (const head of headsIn(join(folder, file))) this.#heads.add(head)
    for (const head of kept) this.#heads.add(head)
    // What is gone is in no file: it is where content is, or should be.
    const placed = (finding: Finding): void => report({ ...finding, file: finding.file || join(folder, 'payload') })
    this.#records = new RecordChecker(placed, start, proven ?? (own.length === 0 ? Infinity : this.#published))
    this.#pulse = new PulseChecker(report, warn)
    const published = new Set(own.flatMap(({ head }) => head?.size ?? []))
    this.#tree = new TreeWatch({ folder, start, published, heads: this.#heads, report })
  }

  get records(): RecordChecker['records'] {
    return this.#records.records
  }

  /** Each record, in order. */
  check(found: RecordFound): void {
    this.#records.check(found)
    this.#tree.entry(found.seq, found.entry)
    this.#size = found.seq + 1
    const entry = decodeEntry(found.entry)
    if (entry === undefined) return
    const said = ownSaid(found, entry)
    this.#pulse.check(found, entry, said)
    if (said === undefined) return
    this.#announce(entry, said)
    this.#options.onSaid?.(entry, said, found)
  }

  finish(): HeadsReport {
    this.#records.finish()
    const { report, wal } = this.#options
    if (this.#pulse.signed > this.#published)
      report({
        code: 'rolled_back',
        file: join(dirname(wal), CHECKPOINTS),
        what: `the log says that ${this.#pulse.signed} records were signed, and its newest head says ${this.#published}`,
        do: 'Bring the file back from a backup; compare with a head that somebody else kept.',
      })
    return this.#heads.finish(this.#size)
  }

  #announce({ kind, seq }: EntryFields, said: JsonObject): void {
    const log = said['log']
    if (!isObject(log)) return
    const keys = kind === 'log.open' ? log['keys'] : kind === 'log.key' ? [log['key']] : []
    // What named them first may have been pruned since; they were said again before.
    const since = this.#start > 0 && log['restated'] === true ? 0 : seq
    if (Array.isArray(keys)) for (const key of keys) this.#heads.announce(since, key)
  }
}

/** Heads that stand in a file one after the other. One that is being appended, at the end, is left out. */
export function headsIn(file: string): readonly HeadFound[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (failure) {
    if (isNotThere(failure)) return []
    throw failure
  }
  return parseCheckpoints(text).heads.map(({ head, offset }) => ({ head, file, offset }))
}
