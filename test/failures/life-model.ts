// What the life of records should come to, told without files: which parts of which records are there.
import type { PartName } from '../../src/audit/commitment.ts'
import type { SessionId } from '../../src/base/ids.ts'
import { BLOCK_RECORDS } from '../../src/store/packs/block-files.ts'

export interface ModelRecord {
  readonly seq: number
  readonly retentionClass: number
  readonly session: SessionId
  readonly subject: string
  readonly connection: string
  readonly body: 'request' | 'response'
  readonly text: string
  /** UTC day. */
  readonly day: number
  /** What of it is still there. */
  readonly parts: Set<PartName>
}

export interface ModelHold {
  readonly id: string
  readonly principal?: string
  readonly session?: SessionId
  readonly connection?: string
}

export interface ModelTerms {
  payloadDays: number
  readonly entryDays: number
  readonly drops: boolean
}

export class LifeModel {
  readonly records = new Map<number, ModelRecord>()
  readonly holds: ModelHold[] = []
  readonly terms: ReadonlyMap<number, ModelTerms>
  /** Entries below it are pruned. */
  minimum = 0

  constructor(terms: ReadonlyMap<number, ModelTerms>) {
    this.terms = terms
  }

  /** Records of which something went, and whose entry is still there. */
  get erased(): number {
    return [...this.records.values()].filter(({ parts, seq }) => seq >= this.minimum && parts.size < 2).length
  }

  isHeld(block: number): boolean {
    const own = this.#in(block)
    return this.holds.some((hold) => own.some((record) => fits(hold, record)))
  }

  /** Content of a class and block whose day and days have passed. `newest`: the day of the newest record of a block. */
  expire(today: number, sealedEnd: number, newest: (block: number) => number): void {
    for (const block of this.#sealed(sealedEnd))
      for (const [retentionClass, { payloadDays }] of this.terms)
        if (today >= newest(block) + 1 + payloadDays && !this.isHeld(block)) this.#empty(block, retentionClass)
  }

  /** Where a run of the job prunes up to, entries of whole blocks without content. */
  prune(today: number, sealedEnd: number, newest: (block: number) => number): void {
    const longest = Math.max(...[...this.terms.values()].map(({ entryDays }) => entryDays))
    const last = Math.floor((sealedEnd - 1) / BLOCK_RECORDS)
    for (let block = this.minimum / BLOCK_RECORDS; block < last; block++) {
      if (this.#in(block).some(({ parts }) => parts.size > 0) || today < newest(block) + 1 + longest) return
      this.minimum = (block + 1) * BLOCK_RECORDS
    }
  }

  /** The oldest day of a class that says so: what of it is sealed and not held. */
  drop(sealedEnd: number, newest: (block: number) => number): void {
    const places = this.#sealed(sealedEnd).flatMap((block) =>
      [...this.terms].flatMap(([n, { drops }]) => {
        const something = this.#in(block).some((one) => one.retentionClass === n && one.parts.size > 0)
        return drops && something && !this.isHeld(block) ? [{ block, n, day: newest(block) }] : []
      }),
    )
    const [oldest] = places.toSorted((a, b) => a.day - b.day || a.n - b.n)
    if (oldest === undefined) return
    const together = places.filter(({ day, n }) => day === oldest.day && n === oldest.n)
    for (const { block, n } of together) this.#empty(block, n)
  }

  /** Whole sessions of a person, as far as anything says that they are that person's. */
  eraseSubject(subject: string): void {
    const all = [...this.records.values()].filter(({ seq }) => seq >= this.minimum)
    const sessions = new Set(
      all.filter((one) => one.subject === subject && one.parts.has('envelope')).map(({ session }) => session),
    )
    this.#eraseEach(all.filter(({ session }) => sessions.has(session)).map((record) => ({ record, parts: ALL })))
  }

  eraseText(text: string): void {
    const holding = [...this.records.values()].filter((one) => one.text === text && one.parts.has(one.body))
    this.#eraseEach(holding.map((record) => ({ record, parts: [record.body] })))
  }

  eraseSeqs(first: number, last: number): void {
    const meant = [...this.records.values()].filter(({ seq }) => seq >= first && seq <= last)
    this.#eraseEach(meant.map((record) => ({ record, parts: ALL })))
  }

  /** What is held is judged once, before anything of it goes. */
  #eraseEach(meant: readonly { readonly record: ModelRecord; readonly parts: readonly PartName[] }[]): void {
    const there = meant.filter(({ record }) => record.parts.size > 0)
    const free = there.filter(({ record: { seq } }) => !this.isHeld(Math.floor(seq / BLOCK_RECORDS)))
    for (const { parts, record } of free) for (const part of parts) record.parts.delete(part)
  }

  #empty(block: number, retentionClass: number): void {
    for (const record of this.#in(block)) if (record.retentionClass === retentionClass) record.parts.clear()
  }

  #in(block: number): ModelRecord[] {
    return Array.from({ length: BLOCK_RECORDS }, (_, i) => this.records.get(block * BLOCK_RECORDS + i)).filter(
      (record) => record !== undefined,
    )
  }

  #sealed(sealedEnd: number): number[] {
    const end = Math.floor(sealedEnd / BLOCK_RECORDS)
    const start = this.minimum / BLOCK_RECORDS
    return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
  }
}

const ALL: readonly PartName[] = ['envelope', 'request', 'response']

/** Where the envelope is gone, nobody can say whose it was, and it is kept. */
function fits({ connection, principal, session }: ModelHold, record: ModelRecord): boolean {
  if (session !== undefined && session !== record.session) return false
  if (!record.parts.has('envelope')) return true
  return (
    (connection === undefined || connection === record.connection) &&
    (principal === undefined || principal === record.subject)
  )
}
