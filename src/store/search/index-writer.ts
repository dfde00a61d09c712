import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchDocument } from '../../search/document.ts'
import { Catalog, indexFolder, type PartitionFacts, type Range, removePartitions } from './catalog.ts'
import { PartitionWriter } from './partition.ts'
import { DAY_MICROS, PARTITION_ENTRIES_MAX, partitionFile } from './schema.ts'

/** A document, and the class whose days it is kept. */
export interface Indexable {
  readonly retentionClass: number
  readonly document: SearchDocument
}

/** Fills the index with batches in the order of the log. */
export class IndexWriter implements Disposable {
  readonly #dataFolder: string
  readonly #folder: string
  readonly #catalog: Catalog
  readonly #words: boolean
  readonly #open = new Map<string, PartitionWriter>()

  /** Without words, what a record says is nowhere in what is added. */
  constructor(dataFolder: string, { words = true }: { readonly words?: boolean | undefined } = {}) {
    this.#words = words
    this.#dataFolder = dataFolder
    this.#folder = indexFolder(dataFolder)
    this.#catalog = Catalog.open(dataFolder)
  }

  /** Where to go on: the seq after the newest that is indexed, of this log; 0 where the index is of another one. */
  begin(origin: string): number {
    return this.#catalog.change(() => {
      const progress = this.#catalog.progress
      if (progress?.origin === origin) {
        this.#settle()
        return progress.indexedUpto + 1
      }
      this.#close()
      for (const { file } of this.#catalog.partitions()) this.#catalog.remove(file)
      // Also those that no catalog names any more.
      removePartitions(this.#dataFolder)
      this.#catalog.progress = { origin, indexedUpto: -1, day: 0 }
      return 0
    })
  }

  /** Adds a batch and moves on, in this order: a crash between the two repeats the batch, and the partitions know their rows. */
  add(batch: readonly Indexable[]): void {
    const last = batch.at(-1)
    if (last === undefined) return
    this.#catalog.change(() => {
      const progress = this.#catalog.progress
      // Somebody else may have been faster.
      if (progress === undefined || last.document.seq <= progress.indexedUpto) return
      const kept = this.withoutErased(batch)
      const day = this.#addByDay(kept, progress.day)
      this.#catalog.progress = { ...progress, indexedUpto: last.document.seq, day }
    })
  }

  /** Grows with each erasure, whoever did it. */
  get erasures(): number {
    return this.#catalog.erasures
  }

  withoutErased(batch: readonly Indexable[]): readonly Indexable[] {
    const seqs = batch.map(({ document }) => document.seq)
    const erased = this.#catalog.erasedBetween(seqs.at(0) ?? 0, seqs.at(-1) ?? 0)
    return batch.filter(({ document: { seq } }) => !erased.some(([low, high]) => seq >= low && seq <= high))
  }

  /** Terms of these records leave every file. Idempotent. */
  erase(ranges: readonly Range[]): void {
    this.#catalog.change(() => {
      this.#catalog.addErased(ranges)
      for (const facts of this.#catalog.partitions()) {
        const here = ranges.filter(([first, last]) => first <= facts.high && last >= facts.low)
        if (here.length === 0) continue
        const partition = this.#partition(facts.file)
        partition.erase(here)
        this.#catalog.save({ ...facts, entries: partition.entries })
      }
    })
  }

  /** Content of a class is gone in these ranges: whole files where nothing else is in them, rows where a hold keeps others. */
  expire(retentionClass: number, ranges: readonly Range[]): void {
    this.#catalog.change(() => {
      for (const facts of this.#catalog.partitions()) {
        const here = ranges.filter(([first, last]) => first <= facts.high && last >= facts.low)
        if (facts.retentionClass !== retentionClass || here.length === 0) continue
        const partition = this.#partition(facts.file)
        if (partition.countIn(here) === partition.entries) this.#removePartition(facts.file)
        else {
          partition.erase(here)
          this.#catalog.save({ ...facts, entries: partition.entries })
        }
      }
    })
  }

  [Symbol.dispose](): void {
    this.#close()
    this.#catalog[Symbol.dispose]()
  }

  /** A partition of a day that is over is not written to any more; what a crash left beside it would stay for as long as it does. */
  #settle(): void {
    for (const { file } of this.#catalog.partitions()) {
      const beside = statSync(join(this.#folder, `${file}-wal`), { throwIfNoEntry: false })?.size ?? 0
      if (beside > 0 && !this.#open.has(file)) new PartitionWriter(this.#folder, file)[Symbol.dispose]()
    }
  }

  #close(): void {
    for (const partition of this.#open.values()) partition[Symbol.dispose]()
    this.#open.clear()
  }

  /** Days never go back, so partitions are in the order of the log, whatever a clock did. */
  #addByDay(batch: readonly Indexable[], before: number): number {
    let day = before
    const groups = Map.groupBy(batch, ({ retentionClass, document: { time } }) => {
      day = Math.max(day, Math.floor(time / DAY_MICROS))
      return `${retentionClass} ${day}`
    })
    for (const [key, group] of groups) {
      const [retentionClass = 0, dayOfGroup = 0] = key.split(' ').map(Number)
      this.#addTo(
        this.#newest(retentionClass, dayOfGroup),
        group.map(({ document }) => document),
      )
    }
    return day
  }

  #addTo(facts: PartitionFacts, documents: readonly SearchDocument[]): void {
    const added = this.#partition(facts.file).add(this.#words ? documents : documents.map(withoutText))
    const times = documents.map(({ time }) => time)
    this.#catalog.save({
      ...facts,
      entries: facts.entries + added,
      low: Math.min(facts.low, documents.at(0)?.seq ?? facts.low),
      high: Math.max(facts.high, documents.at(-1)?.seq ?? facts.high),
      minTime: Math.min(facts.minTime, ...times),
      maxTime: Math.max(facts.maxTime, ...times),
    })
  }

  #newest(retentionClass: number, day: number): PartitionFacts {
    const found = this.#catalog.partitions().find((one) => one.retentionClass === retentionClass && one.day === day)
    const words = this.#words
    if (found !== undefined && found.entries < PARTITION_ENTRIES_MAX && found.words === words) return found
    const part = found === undefined ? 0 : found.part + 1
    const file = partitionFile(retentionClass, day, part)
    const [low, high] = [Number.MAX_SAFE_INTEGER, -1]
    return { file, retentionClass, day, part, entries: 0, low, high, minTime: low, maxTime: high, words }
  }

  /** As many stay open as are written to at the same time: one for each class. */
  #partition(file: string): PartitionWriter {
    const open = this.#open.get(file)
    if (open !== undefined) return open
    for (const [name, partition] of this.#open) {
      if (this.#open.size < OPEN_MAX) break
      partition[Symbol.dispose]()
      this.#open.delete(name)
    }
    const partition = new PartitionWriter(this.#folder, file)
    this.#open.set(file, partition)
    return partition
  }

  #removePartition(file: string): void {
    this.#open.get(file)?.[Symbol.dispose]()
    this.#open.delete(file)
    for (const ending of ['', '-wal', '-shm']) rmSync(join(this.#folder, `${file}${ending}`), { force: true })
    this.#catalog.remove(file)
  }
}

const OPEN_MAX = 8

function withoutText(document: SearchDocument): SearchDocument {
  return { ...document, text: '' }
}
