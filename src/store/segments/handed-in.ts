import { parseSignedCheckpoint, type SignedCheckpoint } from '../../audit/checkpoint.ts'
import type { EntryFields } from '../../audit/entry.ts'
import { parseVerifierKey, type VerifierKey } from '../../audit/note-key.ts'
import type { RecordFound } from '../../audit/verify.ts'
import type { HeadFound } from '../../audit/verify-heads.ts'
import { isObject, type JsonObject } from '../../base/json.ts'

interface Stream {
  readonly keys: { seq: number; key: VerifierKey }[]
  readonly heads: (HeadFound & { seq: number; head: SignedCheckpoint })[]
  /** When the newest of its heads was handed in. */
  newestMicros: number
}

/** What streams told the log of logs: their keys, and their heads. */
export class HandedIn {
  readonly #streams = new Map<string, Stream>()

  get origins(): Iterable<string> {
    return this.#streams.keys()
  }

  of(origin: string): Stream {
    return this.#streams.get(origin) ?? { keys: [], heads: [], newestMicros: 0 }
  }

  note({ kind, seq, time }: EntryFields, said: JsonObject, { file, offset }: RecordFound): void {
    const node = said['node']
    if (!isObject(node) || typeof node['origin'] !== 'string') return
    const stream = this.of(node['origin'])
    this.#streams.set(node['origin'], stream)
    if (kind === 'node.join' && Array.isArray(node['keys']))
      for (const text of node['keys']) {
        const key = typeof text === 'string' ? parseVerifierKey(text) : undefined
        if (key !== undefined) stream.keys.push({ seq, key })
      }
    const note = node['checkpoint']
    const head = kind === 'node.checkpoint' && typeof note === 'string' ? parseSignedCheckpoint(note) : undefined
    if (head === undefined) return
    stream.heads.push({ seq, head, file, offset })
    stream.newestMicros = Math.max(stream.newestMicros, time)
  }
}
