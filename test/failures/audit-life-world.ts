import { dirname } from 'node:path'
import type { RetentionClass } from '../../src/audit/retention-class.ts'
import { STANDARD_TERMS } from '../../src/audit/retention-class.ts'
import type { StoredRecord } from '../../src/audit/stored.ts'
import { clock } from '../../src/base/clock.ts'
import type { SessionId } from '../../src/base/ids.ts'
import { DAY_MS } from '../../src/base/units.ts'
import { parseMasterKey } from '../../src/credentials/master-key.ts'
import { mask, maskText, Unmasked } from '../../src/masking/masked.ts'
import { writeEnvelope } from '../../src/recording/envelope.ts'
import type { Life } from '../../src/store/life/life.ts'
import { lifeEntry } from '../../src/store/life/life-entry.ts'
import { sealOldest, sealUpTo } from '../../src/store/life/sealing.ts'
import { KeyRing } from '../../src/store/packs/keys.ts'
import type { ReadOptions } from '../../src/store/segments/read-options.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import type { SegmentLog } from '../../src/store/segments/segment-log.ts'
import { findStream } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { DataFolder, openLog } from './audit-support.ts'
import { copyRunning, filesIn, filesWith } from '../support/files.ts'

export const MASTER = parseMasterKey('07'.repeat(32), 'the test')
const NOTHING_HIDDEN = { bytes: (raw: Uint8Array) => raw, text: (raw: string) => raw }

export interface Call {
  readonly session?: SessionId
  readonly subject?: string
  readonly connection?: string
  readonly request?: string
  readonly response?: string
  readonly retentionClass?: number
}

/** A log with everything that looks after it, in one process and with a clock that can be moved. */
export class LifeWorld implements AsyncDisposable {
  folder = new DataFolder()
  readonly classes: RetentionClass[] = [
    { n: 1, version: 1, name: 'standard', terms: { ...STANDARD_TERMS, entryDays: 800 } },
  ]
  days = 0
  #open: { log: SegmentLog; control: ControlDatabase; keys: KeyRing } | undefined

  async open(): Promise<void> {
    const { log } = await openLog(this.folder, { limits: { headMs: 100 } })
    const control = ControlDatabase.open(this.folder.path)
    this.#open = { log, control, keys: new KeyRing(control.database, MASTER) }
  }

  get log(): SegmentLog {
    return this.#opened.log
  }
  get keys(): KeyRing {
    return this.#opened.keys
  }
  get database() {
    return this.#opened.control.database
  }

  /** `before`: throws where the process is to end. */
  life(more: Partial<Life> = {}): Life {
    const { control, keys, log } = this.#opened
    const stream = findStream(this.folder.path)
    if (stream === undefined) throw new Error('there is a log')
    const now = () => clock.nowMicros() + this.days * DAY_MS * 1000
    const maker = { now: { micros: now, mono: now }, ids: { record: () => '019aaa00-0000-7000-8000-000000000000' } }
    return {
      dataFolder: this.folder.path,
      folder: dirname(stream.folder),
      origin: stream.origin,
      database: control.database,
      keys,
      classes: this.classes,
      append: async (kind, members) => (await log.append(lifeEntry(kind, members, maker))).index,
      roll: () => log.roll(),
      now,
      hooks: { erased: () => undefined, expired: () => undefined },
      ...more,
    }
  }

  /** Intent and outcome of so many calls, many at once. */
  async calls(count: number, callOf: (n: number) => Call): Promise<void> {
    for (let made = 0; made < count; made += 50)
      await Promise.all(Array.from({ length: Math.min(50, count - made) }, (_, i) => this.call(callOf(made + i))))
  }

  /** Seqs of its intent and its outcome. */
  async call(call: Call): Promise<{ intent: number; outcome: number }> {
    const { request = '{"q":1}', response = '{"rows":1}' } = call
    const { index } = await this.log.append(this.#entry('intent', call, { request: bytes(request) }))
    const outcome = await this.log.append(this.#entry('outcome', { ...call }, { response: bytes(response), of: index }))
    return { intent: index, outcome: outcome.index }
  }

  /** Everything that has ended goes into packs. */
  seal(): number {
    let count = 0
    while (sealOldest(this.life())) count++
    return count
  }

  /** Everything that is there now goes into packs, and the whole of its last block. */
  async sealAll(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      const [newest] = await this.records({ order: 'newest' })
      await sealUpTo(this.life(), newest?.seq ?? 0)
    }
  }

  async records(options: Partial<ReadOptions> = {}): Promise<StoredRecord[]> {
    const records: StoredRecord[] = []
    for await (const record of readRecords({ folder: this.folder.path, keys: this.keys, ...options }))
      records.push(record)
    return records
  }

  verify() {
    return verifyFolder(this.folder.path, this.keys)
  }

  get files(): string[] {
    return filesIn(this.folder.path)
  }

  filesWith(text: string | Uint8Array): string[] {
    return filesWith(this.folder.path, text)
  }

  /** As after a crash or a stop: the same folder, opened by a new process. */
  async reopen(): Promise<void> {
    await this.close()
    await this.open()
  }

  /** As after a kill -9 of everything: a process on another machine finds the files as they are now. */
  async killed(): Promise<void> {
    const { folder } = this
    const found = new DataFolder()
    copyRunning(folder.path, found.path)
    await this.close()
    this.folder = found
    folder[Symbol.dispose]()
    await this.open()
  }

  async close(): Promise<void> {
    await this.#open?.log.close()
    this.#open?.control.close()
    this.#open = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    this.folder[Symbol.dispose]()
  }

  #entry(kind: 'intent' | 'outcome', call: Call, more: { request?: Raw; response?: Raw; of?: EntryIndexLike }) {
    const time = clock.nowMicros() + this.days * DAY_MS * 1000
    const { connection = 'db', subject = 'alice' } = call
    const envelope = writeEnvelope({
      id: '019aaa00-0000-7000-8000-000000000000',
      kind,
      dir: 'c2s',
      of: more.of,
      ts: time,
      mono_us: 0,
      actor: { sub: subject, iss: 'https://idp.example', groups: [], client: {}, ip: '127.0.0.1' },
      conn: { name: connection, type: 'mcp-http', labels: {} },
      session: call.session && { id: call.session, basis: 'window', n: 1 },
    })
    const { request, response } = more
    return {
      kind,
      time,
      session: call.session,
      retentionClass: call.retentionClass,
      envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN),
      request,
      response,
    } as const
  }

  get #opened() {
    if (this.#open === undefined) throw new Error('open the world first')
    return this.#open
  }
}

type Raw = ReturnType<typeof bytes>
type EntryIndexLike = Awaited<ReturnType<SegmentLog['append']>>['index']

function bytes(text: string) {
  return mask(new Unmasked(new TextEncoder().encode(text)), NOTHING_HIDDEN)
}

export async function lifeWorld(): Promise<LifeWorld> {
  const world = new LifeWorld()
  await world.open()
  return world
}

export function session(n: number): SessionId {
  return `ses_${(n + 1).toString(16).padStart(32, '0')}`
}

/** Throws at the step, the first time that it is reached. */
export function crashAt<Step extends string>(step: Step): (at: Step) => void {
  let crashed = false
  return (at) => {
    if (at !== step || crashed) return
    crashed = true
    throw new Error('crash')
  }
}
