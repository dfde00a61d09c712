import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { toBase64 } from '../../base/bytes.ts'
import type { SignedCheckpoint } from '../../audit/checkpoint.ts'
import type { VerifierKey } from '../../audit/note-key.ts'
import { isLogOfLogs, isOrigin, type Origin } from '../../audit/origin.ts'
import type { TrustPolicy } from '../../audit/trust-policy.ts'
import { judgeHead } from '../../audit/trusted-head.ts'
import type { Finding, RecordChecker } from '../../audit/verify.ts'
import type { HeadFound, HeadsReport } from '../../audit/verify-heads.ts'
import { emptyRoot } from '../../audit/tree.ts'
import type { PackKeys } from '../packs/keys.ts'
import { findLogOfLogs, findStream, type Stream } from './stream.ts'
import { type StreamReport, type TornTail, verifyStream } from './verify-records.ts'
import { headsIn, type StreamCheckOptions, WITNESSED } from './verify-stream.ts'
import { GoneLogs } from './gone-logs.ts'
import { HandedIn } from './handed-in.ts'
import { isNotThere } from './io.ts'

// Verification of a data folder: which logs are in it, and what proves what. `verify-records.ts` finds the records of one log,
// `verify-stream.ts` checks them, wherever they were found.

/** What a checker brings along from outside. */
export interface Trust {
  /** Keys of logs and witnesses. Without it the log's own word is taken for its keys, which proves less. */
  readonly policy?: TrustPolicy | undefined
  /** Heads that were kept elsewhere. */
  readonly heads?: readonly HeadFound[] | undefined
  /** What no quorum has cosigned is a finding. */
  readonly requireQuorum?: boolean | undefined
}

export interface VerifyReport {
  /** Nothing was found. */
  readonly ok: boolean
  readonly origin: string | undefined
  /** How many records there are. */
  readonly size: number
  /** Base64. */
  readonly root: string
  /** Records below the newest signed head. */
  readonly signed: number
  /** What witnesses of the policy have seen of it. */
  readonly witnessed: HeadsReport['witnessed']
  readonly records: RecordChecker['records'] & { readonly pruned: number }
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly tornTail: TornTail | undefined
}

/**
 * Checks the log of a data folder, the log of logs beside it, and logs that this one follows (audit.md, 9.2). Reads only, needs
 * no gateway, and can run beside one. The log of logs first: it announces the keys of the others and holds their heads.
 */
export function verifyFolder(dataFolder: string, keys?: PackKeys, trust: Trust = {}): VerifyReport {
  for (let again = RETRIES_MAX; ; again--) {
    try {
      return verifyOnce(dataFolder, keys, trust)
    } catch (failure) {
      if (again === 0 || !isNotThere(failure)) throw failure
    }
  }
}

/**
 * Keys that may sign for a log of the folder: those of a policy, and those that the log of logs announces below its signed
 * heads. Empty where something is wrong with the log of logs, which is then for `verifyFolder` to say.
 */
export function keysAnnounced(dataFolder: string, origin: Origin, trust: Trust = {}): readonly VerifierKey[] {
  const findings: Finding[] = []
  const told = { report: (one: Finding) => void findings.push(one), warn: () => undefined }
  const check = new FolderCheck(dataFolder, { trust, keys: undefined, told })
  check.logOfLogs(origin)
  return findings.length > 0 ? [] : check.keysOf(origin)
}

/** A gateway seals a file while it is looked for: what was in it is elsewhere then, and everything is read anew. */
const RETRIES_MAX = 5

function verifyOnce(dataFolder: string, keys: PackKeys | undefined, trust: Trust): VerifyReport {
  const findings: Finding[] = []
  const warnings: Finding[] = []
  const told = { report: (one: Finding) => void findings.push(one), warn: (one: Finding) => void warnings.push(one) }
  const stream = findStream(dataFolder)
  const check = new FolderCheck(dataFolder, { trust, keys, told })
  check.logOfLogs(stream?.origin)
  const own = stream && check.own(stream)
  check.others(stream?.origin)
  const { heads, records, root, size, start, tornTail } = own ?? NOTHING
  if (trust.requireQuorum === true && records.unwitnessed > 0) findings.push(notWitnessed(records, dataFolder))
  return {
    ok: findings.length === 0,
    origin: stream?.origin,
    size,
    root: toBase64(root),
    signed: heads.signed,
    witnessed: heads.witnessed,
    records: { ...records, pruned: start },
    findings,
    warnings,
    tornTail,
  }
}

const NOTHING: StreamReport = {
  size: 0,
  root: emptyRoot(),
  start: 0,
  records: { verified: 0, altered: 0, missing: 0, erased: 0, locked: 0, unwitnessed: 0, not_kept: 0 },
  heads: { signed: 0, witnessed: undefined },
  tornTail: undefined,
}

interface FolderCheckOptions {
  readonly trust: Trust
  readonly keys: PackKeys | undefined
  readonly told: Pick<StreamCheckOptions, 'report' | 'warn'>
}

class FolderCheck {
  readonly #folder: string
  readonly #options: FolderCheckOptions
  readonly #handedIn = new HandedIn()
  readonly #gone = new GoneLogs()
  #all: { readonly stream: Stream; readonly report: StreamReport } | undefined

  constructor(folder: string, options: FolderCheckOptions) {
    this.#folder = folder
    this.#options = options
  }

  logOfLogs(of: Origin | undefined): void {
    const stream = findLogOfLogs(this.#folder)
    if (stream === undefined) return this.#refuseMissing()
    const trusted = this.#keysOf(stream.origin)
    // A policy that names the stream alone proves that one; the log of logs is then taken at its word.
    const byStream = of !== undefined && this.#keysOf(of)?.length !== 0
    const report = this.#verify(stream, {
      trusted: trusted?.length === 0 && byStream ? undefined : trusted,
      kept: this.#kept(stream.origin),
      proven: undefined,
      onSaid: (entry, said, found) => this.#handedIn.note(entry, said, found),
    })
    this.#all = { stream, report }
  }

  /** The log in use, which says what became of those before it. */
  own(stream: Stream): StreamReport {
    return this.#stream(stream, (entry, said, found) => this.#gone.note(entry, said, found))
  }

  /** A stream with all that the log of logs knows of it. */
  #stream(stream: Stream, onSaid?: StreamCheckOptions['onSaid']): StreamReport {
    const { policy } = this.#options.trust
    const { heads } = this.#handedIn.of(stream.origin)
    const covered = this.#all?.report.heads
    const needed = policy !== undefined && policy.quorum.kind !== 'none'
    const seen = heads.filter(({ seq }) => seq < (covered?.witnessed?.size ?? 0)).map(({ head }) => head.size)
    const proven = Math.max(0, ...seen, ...this.#witnessedSizes(stream))
    const report = this.#verify(stream, {
      trusted: this.#keysOf(stream.origin) && this.keysOf(stream.origin),
      kept: [...this.#kept(stream.origin), ...heads],
      proven: needed ? proven : undefined,
      onSaid,
    })
    const byAll = covered?.witnessed && seen.length > 0 ? { ...covered.witnessed, size: Math.max(...seen) } : undefined
    return { ...report, heads: { ...report.heads, witnessed: report.heads.witnessed ?? byAll } }
  }

  /** Those of the policy, and those that the log of logs announces. */
  keysOf(origin: Origin): readonly VerifierKey[] {
    const signed = this.#all?.report.heads.signed ?? 0
    const joined = this.#handedIn.of(origin).keys.filter(({ seq }) => seq < signed)
    return [...(this.#keysOf(origin) ?? []), ...joined.map(({ key }) => key)]
  }

  /** Logs that handed in heads, and are not the one in use: those that it follows. */
  others(own: Origin | undefined): void {
    const { report } = this.#options.told
    for (const origin of this.#handedIn.origins) if (origin !== own && isOrigin(origin)) this.#other(origin)
    const known = new Set<string>([...this.#handedIn.origins, own ?? '', this.#all?.stream.origin ?? ''])
    for (const { file, head } of this.#options.trust.heads ?? [])
      if (head === undefined || !known.has(head.origin))
        report({ code: 'rolled_back', file, what: 'this is no head of a log that is here', do: RESTORE })
  }

  #other(origin: Origin): void {
    const { report } = this.#options.told
    const { heads, newestMicros } = this.#handedIn.of(origin)
    const folder = join(this.#folder, 'audit', origin, 'wal')
    if (this.#gone.has(origin)) {
      const early = this.#gone.tooEarly(origin, newestMicros)
      if (early !== undefined) report(early)
    } else if (existsSync(folder)) this.#stream({ origin, folder })
    else {
      const size = Math.max(0, ...heads.map(({ head }) => head.size))
      const what = `the log ${origin} of ${size} records is not there`
      report({ code: 'rolled_back', file: folder, what, do: RESTORE })
    }
  }

  #verify(stream: Stream, of: Pick<StreamCheckOptions, 'trusted' | 'kept' | 'proven' | 'onSaid'>): StreamReport {
    const { keys, told, trust } = this.#options
    const { policy } = trust
    const judge = policy && ((head: SignedCheckpoint) => judgeHead(head, policy))
    return verifyStream(stream, { ...of, ...told, judge }, keys)
  }

  /** Undefined: nobody brought keys along. */
  #keysOf(origin: string): readonly VerifierKey[] | undefined {
    return this.#options.trust.policy?.logs.map(({ key }) => key).filter(({ name }) => name === origin)
  }

  #kept(origin: string): readonly HeadFound[] {
    return (this.#options.trust.heads ?? []).filter(({ head }) => head?.origin === origin)
  }

  /** Where witnesses look at the stream itself. */
  #witnessedSizes({ folder }: Stream): readonly number[] {
    const { policy } = this.#options.trust
    return headsIn(join(dirname(folder), WITNESSED)).flatMap(({ head }) =>
      policy !== undefined && head !== undefined && judgeHead(head, policy).quorum ? head.size : [],
    )
  }

  #refuseMissing(): void {
    for (const { key } of this.#options.trust.policy?.logs ?? []) {
      const { name } = key
      const file = join(this.#folder, 'audit', name)
      if (isOrigin(name) && isLogOfLogs(name))
        this.#options.told.report({ code: 'rolled_back', file, what: 'the log of logs is not there', do: RESTORE })
    }
  }
}

const RESTORE = 'Bring it back from a backup; compare its newest head with one that a witness or another person kept.'

function notWitnessed({ unwitnessed }: RecordChecker['records'], file: string): Finding {
  const what = `${unwitnessed} records are below no head that a quorum of witnesses has cosigned`
  return { code: 'witness_missing', file, what, do: 'Find out why the witnesses were not asked, or did not answer.' }
}
