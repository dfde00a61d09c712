import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DAY_MS } from '../../base/units.ts'
import type { Micros } from '../../base/clock.ts'
import type { PartName } from '../../audit/commitment.ts'
import type { Origin } from '../../audit/origin.ts'
import type { PackBlock } from './format.ts'
import { isEncrypted, openGroup, type PackedPart } from './group.ts'
import type { PackKeys } from './keys.ts'
import { PackDamage, PackFile } from './pack-file.ts'
import { isNotThere } from '../segments/io.ts'

/** Where packs of a class and day lie: `payload/<class>/<day>/<first seq>.pack` (audit.md, 2.2). */
export function packFolder(streamFolder: string, retentionClass: number, day: number): string {
  return join(streamFolder, 'payload', String(retentionClass), dayName(day))
}

/** 16 digits, so that the order of names is that of numbers. */
export function packName(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, '0')}.pack`
}

/** `2026-11-22` */
export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length)
}

export function dayOfName(name: string): number | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(name) ? Date.parse(`${name}T00:00:00Z`) / DAY_MS : undefined
}

export function dayOf(time: Micros): number {
  return Math.floor(time / 1000 / DAY_MS)
}

/** First seqs of the packs of a class and day, in order. */
export function packsOf(streamFolder: string, retentionClass: number, day: number): number[] {
  return listIfThere(packFolder(streamFolder, retentionClass, day))
    .flatMap((name) => (/^\d{16}\.pack$/.test(name) ? [Number(name.slice(0, 16))] : []))
    .toSorted((a, b) => a - b)
}

export function listIfThere(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (failure) {
    if (isNotThere(failure)) return []
    throw failure
  }
}

type Parts = Readonly<Partial<Record<PartName, PackedPart>>>

/** What was found of a block, or that a key is missing to look. */
export interface PayloadBlock {
  /** Of the record at that place in the block. */
  readonly parts: (place: number) => Parts
  /** Some of the block is encrypted, and nobody gave us keys. */
  readonly locked: boolean
  readonly file: string | undefined
  readonly damage: PackDamage | undefined
}

const NO_PARTS: Parts = {}
const NOTHING: PayloadBlock = { parts: () => NO_PARTS, locked: false, file: undefined, damage: undefined }
/** Packs kept open: one for each class whose records are read in turn, and more than there are classes. */
const OPEN_MAX = 64
/** Content of a block that stays in memory; what is beyond is read again, group by group. */
const KEPT_BYTES_MAX = 16 * 1024 * 1024

/** Content of sealed records, looked up by class, day and block. Keeps the packs that it read last open. */
export class Payload implements Disposable {
  readonly #stream: { readonly folder: string; readonly origin: Origin }
  readonly #keys: PackKeys | undefined
  readonly #open = new Map<string, PackFile>()

  constructor(stream: { readonly folder: string; readonly origin: Origin }, keys: PackKeys | undefined) {
    this.#stream = stream
    this.#keys = keys
  }

  /** Never throws for what is wrong with a pack: `damage` says it. To be used until the next block is asked for. */
  block(retentionClass: number, day: number, firstSeq: number): PayloadBlock {
    const pack = packsOf(this.#stream.folder, retentionClass, day).findLast((first) => first <= firstSeq)
    if (pack === undefined) return NOTHING
    const path = join(packFolder(this.#stream.folder, retentionClass, day), packName(pack))
    try {
      const block = this.#file(path)?.read(firstSeq)
      return block === undefined ? { ...NOTHING, file: path } : this.#openBlock(block, path)
    } catch (failure) {
      if (failure instanceof PackDamage) return { ...NOTHING, file: path, damage: failure }
      throw failure
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]()
    this.#open.clear()
  }

  /** Opens every group, one after the other, and remembers where the records are that do not fit into memory. */
  #openBlock(block: PackBlock, file: string): PayloadBlock {
    const kept = new Map<number, Parts>()
    const elsewhere = new Map<number, Set<number>>()
    let keptBytes = 0
    let locked = false
    const parts = (place: number): Parts => {
      let found = kept.get(place) ?? NO_PARTS
      for (const i of elsewhere.get(place) ?? []) found = { ...found, ...this.#reopened(block, i).get(place) }
      return found
    }
    for (let i = 0; i < block.groups; i++) {
      const opened = this.#openGroup(block, i)
      if (opened === 'altered')
        return { parts, locked, file, damage: new PackDamage('a group of a pack was altered', { file, offset: 0 }) }
      if (opened === 'locked') locked = true
      if (opened === 'locked' || opened === 'shredded') continue
      const bytes = opened.reduce((sum, { content }) => sum + content.length, 0)
      const keep = keptBytes + bytes <= KEPT_BYTES_MAX
      if (keep) keptBytes += bytes
      for (const part of opened)
        if (keep) kept.set(part.place, { ...kept.get(part.place), [part.part]: part })
        else elsewhere.set(part.place, (elsewhere.get(part.place) ?? new Set()).add(i))
    }
    return { parts, locked, file, damage: undefined }
  }

  #openGroup(block: PackBlock, i: number): readonly PackedPart[] | 'locked' | 'shredded' | 'altered' {
    const group = block.group(i)
    const encrypted = isEncrypted(group)
    if (encrypted && this.#keys === undefined) return 'locked'
    const key = encrypted ? this.#keys?.keyOf(group.keyId) : undefined
    if (encrypted && key === undefined) return 'shredded'
    return openGroup(group, { origin: this.#stream.origin, firstSeq: block.firstSeq }, key) ?? 'altered'
  }

  /** Records come in order and mostly several of one group: the last one is kept. */
  #reopened(block: PackBlock, i: number): ReadonlyMap<number, Parts> {
    if (this.#last?.block === block && this.#last.i === i) return this.#last.parts
    const opened = this.#openGroup(block, i)
    const parts = new Map<number, Parts>()
    // A key that was shredded meanwhile leaves nothing.
    if (typeof opened !== 'string')
      for (const part of opened) parts.set(part.place, { ...parts.get(part.place), [part.part]: part })
    this.#last = { block, i, parts }
    return parts
  }
  #last: { readonly block: PackBlock; readonly i: number; readonly parts: ReadonlyMap<number, Parts> } | undefined

  /** Undefined where it was removed since it was listed. */
  #file(path: string): PackFile | undefined {
    const known = this.#open.get(path)
    if (known !== undefined) return known
    try {
      const file = PackFile.open(path)
      for (const [name, oldest] of this.#open) {
        if (this.#open.size < OPEN_MAX) break
        oldest[Symbol.dispose]()
        this.#open.delete(name)
      }
      this.#open.set(path, file)
      return file
    } catch (failure) {
      if (isNotThere(failure)) return undefined
      throw failure
    }
  }
}
