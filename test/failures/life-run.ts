// One random life of a log beside a model of it.
import { isDeepStrictEqual } from 'node:util'
import { classJson, type RetentionClass, STANDARD_TERMS } from '../../src/audit/retention-class.ts'
import { clock } from '../../src/base/clock.ts'
import { decodeUtf8 } from '../../src/base/bytes.ts'
import { DAY_MS } from '../../src/base/units.ts'
import { resumeDeletions } from '../../src/store/life/deletion.ts'
import { runErasures } from '../../src/store/life/erasure.ts'
import { approveErasure, requestErasure } from '../../src/store/life/erasure-rows.ts'
import { findRecords, type Sought } from '../../src/store/life/find-records.ts'
import { recordHolds, requestHold, requestRelease } from '../../src/store/life/holds.ts'
import type { LifeStep } from '../../src/store/life/life.ts'
import { sealedEnd } from '../../src/store/life/places.ts'
import { runRetention, signedSize } from '../../src/store/life/retention.ts'
import { dropOldest } from '../../src/store/life/room.ts'
import { newestTimeOf } from '../../src/store/packs/sealed.ts'
import { Random } from '../fuzz/random.ts'
import { until } from './audit-support.ts'
import { crashAt, LifeWorld, session } from './audit-life-world.ts'
import { LifeModel, type ModelRecord } from './life-model.ts'

const STEPS = 9
const SUBJECTS = ['alice', 'bob', 'mallory'] as const
const CONNECTIONS = ['db', 'ledger'] as const
const CRASHES: readonly LifeStep[] = ['plan', 'tombstone', 'list', 'delete', 'hooks', 'done', 'forget']
const CLASSES: readonly RetentionClass[] = [
  { n: 1, version: 1, name: 'standard', terms: { ...STANDARD_TERMS, payloadDays: 400, entryDays: 800 } },
  {
    n: 2,
    version: 1,
    name: 'short',
    terms: { ...STANDARD_TERMS, payloadDays: 30, entryDays: 500, keys: 'class', onFull: 'drop-oldest-payload' },
  },
]

export class LifeRun {
  readonly #random: Random
  readonly #said: string[]
  readonly #model = new LifeModel(
    new Map(
      CLASSES.map(({ n, terms: { entryDays, onFull, payloadDays } }) => [
        n,
        { entryDays, payloadDays, drops: onFull !== 'reject-new' },
      ]),
    ),
  )
  readonly #world = new LifeWorld()
  readonly #different: string[] = []
  #made = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#said = [`seed ${seed}`]
  }

  /** Steps and a check after each; what differs from the model, and after which steps. Empty: nothing. */
  async go(): Promise<readonly string[]> {
    await using world = this.#world
    await world.open()
    world.classes.splice(0, 1, ...CLASSES)
    for (const one of CLASSES) await world.life().append('log.class', { class: classJson(one) })
    await this.#append()
    await this.#append()
    await this.#seal()
    for (let step = 0; step < STEPS; step++) {
      await this.#step()
      await this.#check()
      if (this.#different.length > 0) return [this.#said.join('; '), ...this.#different]
    }
    return []
  }

  async #step(): Promise<void> {
    const steps = [
      () => this.#append(),
      () => this.#append(),
      () => this.#seal(),
      () => this.#wait(),
      () => this.#wait(),
      () => this.#hold(),
      () => this.#release(),
      () => this.#erase(),
      () => this.#erase(),
      () => this.#expire(),
      () => this.#expire(),
      () => this.#drop(),
      () => this.#restart(),
    ]
    await this.#random.pick(steps)()
  }

  /** Calls of some sessions, each of one person; what is said in them is said in no other. */
  async #append(): Promise<void> {
    const count = 60 + this.#random.below(200)
    this.#say(`append ${count} calls`)
    const { connection, retentionClass } = this.#random.pick([
      { connection: 'db', retentionClass: 1 },
      { connection: 'ledger', retentionClass: 2 },
    ])
    const calls = Array.from({ length: count }, () => {
      const n = this.#made++
      const who = this.#random.below(12)
      const subject = SUBJECTS[who % SUBJECTS.length] ?? 'alice'
      return { n, session: session(who), subject, connection, retentionClass }
    })
    await Promise.all(
      calls.map(async ({ n, ...call }) => {
        const texts = { request: `{"asked":"${n}."}`, response: `{"said":"${n}."}` }
        const day = this.#today()
        const { intent, outcome } = await this.#world.call({ ...call, ...texts })
        for (const [seq, body] of [
          [intent, 'request'],
          [outcome, 'response'],
        ] as const)
          this.#model.records.set(seq, {
            ...call,
            seq,
            body,
            text: texts[body],
            day,
            parts: new Set(['envelope', body]),
          })
      }),
    )
  }

  async #seal(): Promise<void> {
    this.#say('seal')
    await this.#world.sealAll()
  }

  async #wait(): Promise<void> {
    const days = this.#random.pick([1, 29, 30, 31, 370, 400, 401])
    this.#say(`${days} days pass`)
    this.#world.days += days
    // What is due is mostly due for a while only.
    if (this.#random.below(3) > 0) await this.#expire()
  }

  async #hold(): Promise<void> {
    const predicate = this.#random.pick([
      { principal: this.#random.pick(SUBJECTS) },
      { session: session(this.#random.below(12)) },
      { connection: this.#random.pick(CONNECTIONS) },
    ])
    const id = requestHold(this.#world.database, { predicate, reason: 'case 12', by: 'os:ada' })
    this.#say(`hold ${JSON.stringify(predicate)}`)
    await recordHolds(this.#world.life())
    this.#model.holds.push({ id, ...predicate })
  }

  async #release(): Promise<void> {
    const hold = this.#model.holds.pop()
    if (hold === undefined) return
    this.#say('release')
    requestRelease(this.#world.database, hold.id, { by: 'os:ada', reason: 'closed' })
    await recordHolds(this.#world.life())
  }

  async #erase(): Promise<void> {
    const records = [...this.#model.records.values()].filter(({ seq }) => seq >= this.#model.minimum)
    const one = records.length === 0 ? undefined : this.#random.pick(records)
    if (one === undefined) return
    const what = this.#random.pick(['subject', 'text', 'seqs'] as const)
    this.#say(`erase ${what} of ${one.seq}`)
    await this.#request(soughtOf(what, one))
    await this.#mayCrash((before) => runErasures(this.#world.life({ before })))
    if (what === 'subject') this.#model.eraseSubject(one.subject)
    else if (what === 'text') this.#model.eraseText(one.text)
    else this.#model.eraseSeqs(one.seq, one.seq + 20)
  }

  async #request(sought: Sought): Promise<void> {
    const { database, folder, keys } = this.#world
    const found = await findRecords({ folder: folder.path, keys, holds: [] }, sought)
    const of = { basis: 'GDPR Art. 17', request: 'DSR-1', requester: 'os:ada', found }
    approveErasure(database, requestErasure(database, of, 0), 'os:bob')
  }

  async #expire(): Promise<void> {
    this.#say('expire')
    const end = sealedEnd(this.#world.life())
    // What no head covers is not pruned, and heads come when they come.
    await until(() => signedSize(this.#world.life().folder) >= end)
    const newest = this.#newestOf(end)
    await this.#mayCrash((before) => runRetention(this.#world.life({ before })))
    this.#model.expire(this.#now(), end, newest)
    this.#model.prune(this.#now(), end, newest)
  }

  async #drop(): Promise<void> {
    this.#say('drop')
    const end = sealedEnd(this.#world.life())
    const newest = this.#newestOf(end)
    await dropOldest(this.#world.life(), 1)
    this.#model.drop(end, newest)
  }

  async #restart(): Promise<void> {
    const killed = this.#random.below(2) === 0
    this.#say(killed ? 'kill' : 'restart')
    await (killed ? this.#world.killed() : this.#world.reopen())
  }

  /** Cut off somewhere, or not; then begun anew by another process, as the job does. In between nothing is unaccounted for. */
  async #mayCrash(work: (before: ((step: LifeStep) => void) | undefined) => Promise<unknown>): Promise<void> {
    if (this.#random.below(2) === 0) return void (await work(undefined))
    const step = this.#random.pick(CRASHES)
    const crashed = await work(crashAt(step)).then(
      () => false,
      (failure: unknown) => (failure instanceof Error && failure.message === 'crash' ? true : Promise.reject(failure)),
    )
    if (!crashed) return
    this.#say(`crash before "${step}"`)
    const { findings } = this.#world.verify()
    this.#compare('between', findings, [])
    await this.#world.killed()
    await resumeDeletions(this.#world.life())
    await work(undefined)
  }

  async #check(): Promise<void> {
    const model = this.#model
    const { findings, ok, records } = this.#world.verify()
    const { altered, erased, missing, pruned } = records
    this.#compare('verified', ok, true)
    this.#compare('findings', findings, [])
    this.#compare(
      'records',
      { altered, erased, missing, pruned },
      { altered: 0, erased: model.erased, missing: 0, pruned: model.minimum },
    )
    const found = new Map((await this.#world.records()).map((record) => [record.seq, record]))
    for (const [seq, { body, parts, text }] of model.records) {
      const record = found.get(seq)
      const is = record && {
        parts: Object.entries(record.parts).flatMap(([name, part]) => (part?.opens ? [name] : [])),
        text: record.parts[body] && decodeUtf8(record.parts[body].bytes),
        gone: record.gone,
      }
      const should = {
        parts: [...parts],
        text: parts.has(body) ? text : undefined,
        gone: parts.size < 2 ? 'erased' : undefined,
      }
      this.#compare(`record ${seq}`, is, seq < model.minimum ? undefined : should)
    }
  }

  #compare(what: string, is: unknown, should: unknown): void {
    if (!isDeepStrictEqual(is, should))
      this.#different.push(`${what}: ${JSON.stringify(is)}, and the model says ${JSON.stringify(should)}`)
  }

  /** The days of blocks, as they are before entries of some are pruned. */
  #newestOf(end: number): (block: number) => number {
    const { folder } = this.#world.life()
    const days = new Map<number, number>()
    for (let block = this.#model.minimum / 256; (block + 1) * 256 <= end; block++)
      days.set(block, Math.floor((newestTimeOf(folder, block) ?? 0) / 1000 / DAY_MS))
    return (block) => days.get(block) ?? Infinity
  }

  #now(): number {
    return clock.nowMicros() / 1000 / DAY_MS + this.#world.days
  }

  #today(): number {
    return Math.floor(this.#now())
  }

  #say(what: string): void {
    this.#said.push(what)
  }
}

function soughtOf(what: 'subject' | 'text' | 'seqs', one: ModelRecord): Sought {
  if (what === 'subject') return { subject: one.subject }
  return what === 'text' ? { containing: one.text } : { seqs: [[one.seq, one.seq + 20]] }
}
