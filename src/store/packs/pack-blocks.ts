import { join } from 'node:path'
import type { PartName } from '../../audit/commitment.ts'
import { decodeEntry, type EntryFields, ID_BYTES } from '../../audit/entry.ts'
import { openPart, partsExpected } from '../../audit/stored.ts'
import type { PlacedRecord } from '../segments/ended.ts'
import { SegmentFile } from '../segments/segment-file.ts'
import type { RawRecord } from '../segments/walk.ts'
import type { SealedGroup } from './format.ts'
import { type GroupKey, type PackedPart, sealGroup } from './group.ts'
import { PackWriter } from './pack-writer.ts'
import { dayName, packFolder, packName } from './payload.ts'
import type { SealOptions } from './seal.ts'
import { makeFolders } from './block-files.ts'

interface Member {
  readonly place: PlacedRecord
  readonly entry: EntryFields
}

/** The records of a block, and the UTC day of the newest of them. */
export interface Block {
  readonly firstSeq: number
  readonly day: number
  readonly records: readonly Member[]
}

/** Content of a group before it is compressed, more where a single record is larger. As much is in memory at a time. */
const GROUP_BYTES_MAX = 4 * 1024 * 1024

/** The packs that a segment is sealed into: one for each class and day. None is there before all are finished. */
export class PackBlocks implements Disposable {
  readonly #options: SealOptions
  readonly #packs = new Map<string, PackWriter>()
  #file: SegmentFile | undefined

  constructor(options: SealOptions) {
    this.#options = options
  }

  add(block: Block): void {
    const { keys, origin, termsOf } = this.#options
    for (const retentionClass of new Set(block.records.map(({ entry }) => entry.retentionClass))) {
      const own = block.records.filter(({ entry }) => entry.retentionClass === retentionClass)
      const { encrypt, keys: apart } = termsOf(retentionClass)
      const groups = [...Map.groupBy(own, ({ entry }) => (encrypt && apart === 'session' ? nameOf(entry) : ''))]
      const month = dayName(block.day).slice(0, 'YYYY-MM'.length)
      const sessions = groups.map(([name, [first]]) =>
        name === '' ? NO_SESSION : (first?.entry.session ?? NO_SESSION),
      )
      const under = encrypt ? keys.keysFor(sessions.map((session) => ({ retentionClass, month, session }))) : []
      this.#packOf(retentionClass, block).add(
        { firstSeq: block.firstSeq, records: own.length },
        this.#groups(
          groups.map(([, members], i) => ({ members, key: under[i] })),
          { origin, firstSeq: block.firstSeq },
        ),
      )
    }
  }

  finish(): void {
    for (const pack of this.#packs.values()) pack.finish()
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
    for (const pack of this.#packs.values()) pack[Symbol.dispose]()
  }

  #packOf(retentionClass: number, { day, firstSeq }: Block): PackWriter {
    const name = `${retentionClass}/${day}`
    const known = this.#packs.get(name)
    if (known !== undefined) return known
    const { folder, origin, termsOf } = this.#options
    const into = packFolder(folder, retentionClass, day)
    makeFolders(into)
    const head = { origin, retentionClass, day, encrypted: termsOf(retentionClass).encrypt }
    const pack = new PackWriter(join(into, packName(firstSeq)), head)
    this.#packs.set(name, pack)
    return pack
  }

  *#groups(
    groups: readonly { readonly members: readonly Member[]; readonly key: GroupKey | undefined }[],
    at: Parameters<typeof sealGroup>[1],
  ): Generator<SealedGroup, void, undefined> {
    for (const { key, members } of groups) {
      let parts: PackedPart[] = []
      let bytes = 0
      for (const member of members) {
        if (parts.length > 0 && bytes + member.place.bytes > GROUP_BYTES_MAX) {
          yield sealGroup(parts, at, key)
          parts = []
          bytes = 0
        }
        parts.push(...this.#partsOf(member.place, at.firstSeq))
        bytes += member.place.bytes
      }
      if (parts.length > 0) yield sealGroup(parts, at, key)
    }
  }

  /** Parts that do not open where they are read. */
  damagedIn(places: Iterable<PlacedRecord>): ReadonlySet<string> {
    const damaged = new Set<string>()
    for (const place of places) {
      const entry = decodeEntry(place.entry)
      if (entry === undefined) continue
      const { parts } = this.#read(place)
      for (const name of partsExpected(entry))
        if (parts[name] === undefined || !openPart(entry, name, parts[name]).opens)
          damaged.add(damagedName(place.seq, name))
    }
    return damaged
  }

  #partsOf(place: PlacedRecord, firstSeq: number): PackedPart[] {
    const { parts } = this.#read(place)
    return PARTS.flatMap((part) => {
      const found = parts[part]
      return found === undefined ? [] : [{ place: place.seq - firstSeq, part, ...found }]
    })
  }

  /** A block lies in one segment or two, or in many where records are large. */
  #read(place: PlacedRecord): RawRecord {
    if (place.raw !== undefined) return place.raw
    if (this.#file?.segment.path !== place.segment.path) {
      this.#file?.[Symbol.dispose]()
      this.#file = new SegmentFile(place.segment)
    }
    return this.#file.record(place)
  }
}

const PARTS: readonly PartName[] = ['envelope', 'request', 'response']
const NO_SESSION = new Uint8Array(ID_BYTES)

function nameOf({ session }: EntryFields): string {
  return session === undefined ? '' : String.fromCharCode(...session)
}

export function damagedName(seq: number, part: PartName): string {
  return `${seq} ${part}`
}
