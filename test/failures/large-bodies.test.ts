// A block is 256 records, and a body may be 10 MiB: what reads the log does not hold a block, nor a file, nor a commit of them.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionId } from '../../src/base/ids.ts'
import { SEGMENT_BYTES } from '../../src/store/segments/options.ts'
import type { SegmentLog } from '../../src/store/segments/segment-log.ts'
import { DataFolder, entry, openLog } from './audit-support.ts'
import { session } from './audit-life-world.ts'

const CHILD = fileURLToPath(new URL('large-bodies-child.ts', import.meta.url))
const MIB = 1024 * 1024
const BODY_BYTES = 10 * MIB
const LARGE = 18
/** Files of the log that end so. */
const SEALED = 2
/** A few copies of one body, and what a runtime takes before it collects them. A block here is 180 MiB, the files of it are 192. */
const MOST_BYTES = 220 * MIB

let folder: DataFolder
let log: SegmentLog
let records = 0
beforeAll(async () => {
  folder = new DataFolder()
  log = (await openLog(folder, { segmentBytes: SEGMENT_BYTES })).log
  const bodies = Array.from({ length: 3 }, () => randomBytes(BODY_BYTES / 2).toString('hex'))
  // What comes at the same time is one commit.
  for (let made = 0; made < LARGE; made += 3)
    await Promise.all(bodies.map((body, i) => call({ session: session(made + i), body })))
}, 120_000)
afterAll(async () => {
  await log?.close()
  folder?.[Symbol.dispose]()
})

async function call({ body, session: of }: { body?: string; session: SessionId }): Promise<void> {
  const { index } = await log.append(entry('intent', { session: of }))
  const outcome = await log.append(entry('outcome', { session: of, of: index, ...(body && { body }) }))
  records = Math.max(records, outcome.index + 2)
}

describe(`a log with bodies of ${BODY_BYTES / MIB} MiB takes little memory`, () => {
  it('to find, as often as is looked, that the block of its oldest file is not complete', async () => {
    expect((await act('seal')).done).toBe(0)
    const { bytes, done } = await act('look')
    expect(done).toBe(0)
    expect(bytes).toBeLessThan(MOST_BYTES / 2)
    for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 25 }, (_, i) => call({ session: session(i) })))
    await log.close()
  })

  it.each([
    ['to index from the running files', 'index', () => records],
    ['to seal', 'seal', () => SEALED],
    ['to read from packs', 'read', () => records],
    ['to verify', 'verify', () => records],
    ['to write anew without some of them', 'erase', () => 2],
  ])('%s', async (_, what, count) => {
    const { bytes, done } = await act(what)
    expect(done).toBe(count())
    expect(bytes).toBeLessThan(MOST_BYTES)
  })
})

async function act(what: string): Promise<{ done: number; bytes: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, folder.path, what], { encoding: 'utf8' })
  return JSON.parse(stdout)
}
