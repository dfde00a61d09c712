import { toBase64 } from '../../src/base/bytes.ts'
import { clock } from '../../src/base/clock.ts'
import { type MasterKey, parseMasterKey } from '../../src/credentials/master-key.ts'
import { segmentKeys } from '../../src/store/packs/segment-keys.ts'
import type { SegmentKeys } from '../../src/store/segments/segment-key.ts'

/** A master key as a file would hold it; `seed` tells two apart. */
export function masterKey(seed = 7): MasterKey {
  return parseMasterKey(toBase64(new Uint8Array(32).fill(seed)), 'a test')
}

/** Keys under which the running segments of a data folder are encrypted. */
export function encryptingKeys(dataFolder: string, master = masterKey()): SegmentKeys {
  return segmentKeys(dataFolder, { master, encrypt: true, now: clock.nowMicros() })
}
