import { GatewayError } from '../../base/assert.ts'
import { documentOf } from '../../search/document.ts'
import type { PackKeys } from '../packs/keys.ts'
import { findStream } from '../segments/stream.ts'
import { type Indexable, IndexWriter } from './index-writer.ts'
import { LogFollower } from './log-follower.ts'

/** Records of one transaction: fewer cost more each, with more the index is seen later (audit.md, 16.3). */
export const BATCH_MAX = 8_000
/** Text of one transaction. */
export const BATCH_UNITS_MAX = 16 * 1024 * 1024

/** Takes the whole log into its index, from where the index ends. Returns how many records it took. Throws where some are locked. */
export async function indexLog(
  dataFolder: string,
  onIndexed: (seq: number) => void,
  { keys, words }: { readonly keys?: PackKeys | undefined; readonly words?: boolean | undefined } = {},
): Promise<number> {
  const stream = findStream(dataFolder)
  if (stream === undefined) return 0
  using writer = new IndexWriter(dataFolder, { words })
  const follower = new LogFollower(dataFolder, writer.begin(stream.origin), keys)
  let count = 0
  let units = 0
  let batch: Indexable[] = []
  const write = (): void => {
    writer.add(batch)
    count += batch.length
    onIndexed(batch.at(-1)?.document.seq ?? -1)
    batch = []
    units = 0
  }
  for (let record = await follower.next(); record !== undefined; record = await follower.next()) {
    // An index without what is in them would say for ever that they say nothing.
    if (record.gone === 'locked') throw new GatewayError('credential_unreadable', LOCKED)
    const document = documentOf(record)
    batch.push({ retentionClass: record.entry.retentionClass, document })
    units += document.text.length
    if (batch.length >= BATCH_MAX || units >= BATCH_UNITS_MAX) write()
  }
  if (batch.length > 0) write()
  return count
}

const LOCKED =
  'Sealed records are encrypted, and there is no key for them. Name the configuration of the gateway: -c sallyport.yaml.'
