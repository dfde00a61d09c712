import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Anchor } from '../anchors/anchor.ts'
import { type AnchorEvent, Anchoring } from '../anchors/anchoring.ts'
import { fileAnchor } from '../anchors/file-anchor.ts'
import { objectLockAnchor } from '../anchors/object-lock-anchor.ts'
import { timeStampAnchor } from '../anchors/time-stamp-anchor.ts'
import type { AuditLog } from '../audit/log.ts'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { SECOND_MS } from '../base/units.ts'
import type { AnchorConfig, AuditConfig, Config } from '../config/config.ts'
import { anchoredOf, outsiderAlertOf, witnessedOf } from '../gateway/outsider-records.ts'
import type { Maker } from '../gateway/session-records.ts'
import { newestSigned, type WitnessedFolder, witnessedFolder } from '../store/segments/witnessed-folder.ts'
import { headAt } from '../witness/ask-witness.ts'
import { WitnessRounds, type WitnessTrouble } from '../witness/witness-round.ts'
import { type WitnessEvent, Witnessing } from '../witness/witnessing.ts'
import type { OperatorLog } from './operator-log.ts'
import { secretOf } from './secret-of.ts'

export interface OutsidersParts {
  readonly dataFolder: string
  readonly config: Pick<AuditConfig, 'witnesses' | 'anchors'>
  readonly audit: AuditLog
  readonly maker: Maker
  readonly log: OperatorLog
  /** The log was rolled back: it must not grow any more. */
  readonly onFatal: () => void
}

/** Hands heads of the log to witnesses and anchors while a gateway runs. No call waits for any of it. */
export function startOutsiders(parts: OutsidersParts): Disposable {
  const { anchors, witnesses } = parts.config
  if (witnesses === undefined && anchors.length === 0) return { [Symbol.dispose]: () => undefined }
  const outside = new Outsiders(parts)
  const ticks: (() => Promise<void>)[] = anchors.map((config) => outside.anchoring(config))
  if (witnesses !== undefined) ticks.push(outside.witnessing(witnesses))
  const timer = setInterval(() => {
    for (const tick of ticks)
      tick().catch((error: unknown) => parts.log.warn('a head was not handed out', { why: String(error) }))
  }, SECOND_MS).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/**
 * Before the log is opened: no witness may show a longer one with our signature (audit.md, 6.2, step 9). A log that was put
 * back from an old copy would contradict what others hold with its first record. Where nobody answers, it starts.
 */
export async function refuseRolledBack(
  { dataFolder, audit: { witnesses } }: Pick<Config, 'dataFolder' | 'audit'>,
  log: OperatorLog,
): Promise<void> {
  const newest = witnesses && (await newestSigned(dataFolder))
  if (witnesses === undefined || newest === undefined) return
  const asked = witnesses.policy.witnesses.flatMap(({ url, ...one }) => (url === undefined ? [] : [{ ...one, url }]))
  const shown = await Promise.all(asked.map((witness) => headAt(witness, newest.head.origin, newest.keys)))
  const longer = shown.find((head) => head !== undefined && head.size > newest.head.size)
  if (longer !== undefined)
    throw new GatewayError(
      'log_unavailable',
      `The log in ${dataFolder} was rolled back: a witness holds a head of it with ${longer.size} records, signed with its key; here are ${newest.head.size}. Bring the newest copy back.`,
    )
  if (shown.every((head) => head === undefined))
    log.warn('no witness could say which head of the log it knows; it is asked again while the gateway runs', {})
}

class Outsiders {
  readonly #parts: OutsidersParts
  readonly #folder: WitnessedFolder

  constructor(parts: OutsidersParts) {
    this.#parts = parts
    this.#folder = witnessedFolder(parts.dataFolder)
  }

  witnessing({ atMostMs, everyMs, policy }: NonNullable<AuditConfig['witnesses']>): () => Promise<void> {
    const log = this.#folder
    const witnessing = new Witnessing({
      log,
      rounds: new WitnessRounds(log, policy),
      everyMs,
      atMostMs,
      nowMs: () => clock.nowMs(),
      report: (event) => this.#onWitness(event),
    })
    return () => witnessing.tick()
  }

  anchoring(config: AnchorConfig): () => Promise<void> {
    const anchoring = new Anchoring({
      anchor: toAnchor(config, this.#folder.path),
      everyMs: config.everyMs,
      newest: () => this.#folder.newest(),
      nowMs: () => clock.nowMs(),
      report: (event) => this.#onAnchor(event),
    })
    return () => anchoring.tick()
  }

  async #onWitness(event: WitnessEvent): Promise<void> {
    const { audit, log, maker } = this.#parts
    switch (event.kind) {
      case 'witnessed':
        await audit.append(witnessedOf(event.round.head, event.round.cosigned, maker))
        return
      case 'trouble':
        return this.#onTrouble(event.trouble)
      case 'late': {
        const what = `no quorum of witnesses has cosigned the log for ${Math.round(event.ms / SECOND_MS)} s`
        const why = `${event.cosigned} of ${event.asked} answered`
        log.error(what, { why })
        await audit.append(outsiderAlertOf({ detector: 'witness', severity: 'high', what, why }, maker))
        return
      }
      case 'in_time':
        log.info('a quorum of witnesses cosigns the log again', {})
        await audit.append(outsiderAlertOf({ detector: 'witness', severity: 'info', what: 'witnessed again' }, maker))
    }
  }

  async #onTrouble(trouble: WitnessTrouble): Promise<void> {
    const { audit, log, maker, onFatal } = this.#parts
    const { kind, why, witness } = trouble
    // One that is away is a line for the operator; that all are is another event.
    if (kind === 'failed') return log.warn('a witness did not cosign', { witness, why })
    const evidence = kind === 'refused' ? undefined : this.#keepEvidence(trouble)
    log.error(SENTENCES[kind], { witness, why, evidence })
    const severity = kind === 'refused' ? 'high' : 'critical'
    const alert = { detector: 'witness', severity, what: SENTENCES[kind], by: witness, why, evidence } as const
    try {
      // Of a log that was rolled back, no further head may be signed: it would contradict what others hold.
      if (kind !== 'rolled_back') await audit.append(outsiderAlertOf(alert, maker))
    } finally {
      if (kind === 'rolled_back') onFatal()
    }
  }

  async #onAnchor(event: AnchorEvent): Promise<void> {
    const { audit, log, maker } = this.#parts
    const { kind, place } = event.anchor
    if (event.kind === 'anchored') {
      await audit.append(anchoredOf(event.head, event.anchor, maker))
      return
    }
    if (event.kind === 'failed') return log.warn('a head was not left at an anchor', { kind, place, why: event.why })
    const what = 'an anchor holds a head that does not fit the log'
    log.error(what, { kind, place, why: event.why })
    await audit.append(
      outsiderAlertOf({ detector: 'anchor', severity: 'critical', what, by: place, why: event.why }, maker),
    )
  }

  /** What was asked and what was answered, word for word. Returns the path. */
  #keepEvidence({ answer, kind, request, witness }: WitnessTrouble): string {
    const folder = join(this.#folder.path, 'evidence')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const text = `witness ${witness}\nanswer ${answer}\n\n${request}`
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16)
    const path = join(folder, `${kind}-${name}.txt`)
    if (!existsSync(path)) writeFileSync(path, text, { mode: 0o600, flush: true })
    return path
  }
}

const SENTENCES = {
  fork: 'a witness says that the log is not a continuation of what it has cosigned',
  rolled_back: 'the log was rolled back: a witness holds a longer one with our signature. Bring the newest copy back',
  ahead: 'a witness says that it has cosigned more than there is',
  refused: 'a witness refuses the log; compare its trust policy with the keys of this log',
} as const

function toAnchor(config: AnchorConfig, folder: string): Anchor {
  switch (config.kind) {
    case 'file':
      return fileAnchor(config.path)
    case 'rfc3161':
      return timeStampAnchor({ url: config.url, trusted: certificatesIn(config.caFile), folder: join(folder, 'tsa') })
    case 'object-lock':
      return objectLockAnchor({
        ...config,
        accessKeyId: secretOf(config.accessKeyId, 'a secret of an anchor'),
        secretAccessKey: secretOf(config.secretAccessKey, 'a secret of an anchor'),
        nowMs: () => clock.nowMs(),
      })
  }
}

function certificatesIn(path: string): X509Certificate[] {
  try {
    const blocks = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block))
  } catch (cause) {
    throw new GatewayError('config_invalid', `The certificates in ${path} cannot be read.`, { cause })
  }
  throw new GatewayError('config_invalid', `${path} holds no certificate of a time-stamping authority (PEM).`)
}
