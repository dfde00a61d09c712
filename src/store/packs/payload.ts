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

/** What was found of a record's part, or that a key is missing to look. */
export interface PayloadBlock {
  readonly parts: ReadonlyMap<number, Partial<Record<PartName, PackedPart>>>
  /** Some of the block is encrypted, and nobody gave us keys. */
  readonly locked: boolean
  readonly file: string | undefined
  readonly damage: PackDamage | undefined
}

const NOTHING: PayloadBlock = { parts: new Map(), locked: false, file: undefined, damage: undefined }
/** Packs kept open: one for each class whose records are read in turn, and a few more. */
const OPEN_MAX = 16

/** Content of sealed records, looked up by class, day and block. Keeps the packs that it read last open. */
export class Payload implements Disposable {
  readonly #stream: { readonly folder: string; readonly origin: Origin }
  readonly #keys: PackKeys | undefined
  readonly #open = new Map<string, PackFile>()

  constructor(stream: { readonly folder: string; readonly origin: Origin }, keys: PackKeys | undefined) {
    this.#stream = stream
    this.#keys = keys
  }

  /** Never throws for what is wrong with a pack: `damage` says it. */
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

  #openBlock(block: PackBlock, file: string): PayloadBlock {
    const parts = new Map<number, Partial<Record<PartName, PackedPart>>>()
    let locked = false
    for (const group of block.groups) {
      const encrypted = isEncrypted(group)
      const key = encrypted ? this.#keys?.keyOf(group.keyId) : undefined
      if (encrypted && this.#keys === undefined) locked = true
      if (encrypted && key === undefined) continue
      const opened = openGroup(group, { origin: this.#stream.origin, firstSeq: block.firstSeq }, key)
      if (opened === undefined)
        return { parts, locked, file, damage: new PackDamage('a group of a pack was altered', { file, offset: 0 }) }
      for (const part of opened) parts.set(part.place, { ...parts.get(part.place), [part.part]: part })
    }
    return { parts, locked, file, damage: undefined }
  }

  /** Undefined where it was removed since it was listed. */
  #file(path: string): PackFile | undefined {
    const known = this.#open.get(path)
    if (known !== undefined) return known
    try {
      const file = PackFile.open(path)
      if (this.#open.size >= OPEN_MAX) this[Symbol.dispose]()
      this.#open.set(path, file)
      return file
    } catch (failure) {
      if (isNotThere(failure)) return undefined
      throw failure
    }
  }
}
