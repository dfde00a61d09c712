import { CLASS } from '../../audit/entry.ts'
import { sealNext, type SealTerms } from '../packs/seal.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'
import type { Life } from './life.ts'
import { sealedEnd } from './places.ts'

/** A log whose segments can be sealed. */
export type Sealable = Pick<Life, 'folder' | 'origin' | 'keys' | 'classes'>

/** Seals the oldest segment that has ended; false where there is none. */
export function sealOldest(life: Sealable): boolean {
  const { folder, keys, origin } = life
  return sealNext({ folder, origin, keys, termsOf: (n) => termsIn(life, n) })
}

/** Only what lies in packs can be deleted: the running segment is ended, and its last block filled with records of our own. */
export async function sealUpTo(life: Life, seq: number): Promise<void> {
  if (seq < sealedEnd(life)) return
  life.roll()
  while (sealedEnd(life) <= seq) {
    if (sealOldest(life)) continue
    // What was written last counts once something follows it.
    const newest = await life.append('log.heartbeat', FILLING)
    if (sealOldest(life)) continue
    const missing = BLOCK_RECORDS - 1 - (newest % BLOCK_RECORDS)
    await Promise.all(Array.from({ length: missing }, () => life.append('log.heartbeat', FILLING)))
  }
}

const FILLING = { log: { fills: 'block' } } as const

function termsIn({ classes }: Pick<Life, 'classes'>, n: number): SealTerms {
  const terms = classes.find((one) => one.n === n)?.terms
  // The log's own records name nobody, and tombstones must be readable without any key.
  if (n === CLASS.log || terms === undefined) return { encrypt: n !== CLASS.log, keys: 'session' }
  return terms
}
