// A process that writes to the log with many writers and tells, over its standard output, each seq that was acknowledged.
import { writeSync } from 'node:fs'
import { openSegmentLog } from '../../src/store/segments/segment-log.ts'
import { encryptingKeys } from '../support/segment-keys.ts'
import { entry, EPOCH } from './audit-support.ts'

const [folder = '', writers = '64', how = 'plain'] = process.argv.slice(2)
const log = await openSegmentLog({
  folder,
  policyEpoch: EPOCH,
  segmentBytes: 1024 * 1024,
  keys: how === 'encrypted' ? encryptingKeys(folder) : undefined,
  onFatal: () => process.exit(3),
})
writeSync(1, 'ready\n')
await Promise.all(Array.from({ length: Number(writers) }, (_, i) => write(i)))

async function write(writer: number): Promise<never> {
  const session = `ses_${(writer + 1).toString(16).padStart(32, '0')}` as const
  for (;;) {
    const intent = await log.append(entry('intent', { session, body: 'q'.repeat(700) }))
    tell(intent.index)
    tell((await log.append(entry('outcome', { session, of: intent.index, body: 'r'.repeat(1500) }))).index)
  }
}

/** Synchronously, so that what was told was acknowledged before. A full pipe is waited for. */
function tell(seq: number): void {
  for (;;) {
    try {
      writeSync(1, `${seq}\n`)
      return
    } catch (failure) {
      if (!(failure instanceof Error && 'code' in failure && failure.code === 'EAGAIN')) throw failure
    }
  }
}
