// Does one thing to a log, and says how much memory that took at most.
import { dirname } from 'node:path'
import { LiveIndex } from '../../src/store/search/live-index.ts'
import { LateKeys } from '../../src/store/search/late-keys.ts'
import { KeyRing } from '../../src/store/packs/keys.ts'
import { sealNext } from '../../src/store/packs/seal.ts'
import { dropParts } from '../../src/store/packs/rewrite-pack.ts'
import { packPlaces } from '../../src/store/life/places.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { findStream } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { MASTER } from './audit-life-world.ts'

const [folder = '', what = ''] = process.argv.slice(2)
const stream = findStream(folder)
if (stream === undefined) throw new Error('there is a log')
const { origin } = stream
const streamFolder = dirname(stream.folder)
const before = process.memoryUsage.rss()
const done = await act()
process.stdout.write(JSON.stringify({ done, bytes: process.resourceUsage().maxRSS * 1024 - before }))

/** Gives how many segments, packs or records it were. */
async function act(): Promise<number> {
  if (what === 'index') return index()
  using control = ControlDatabase.open(folder)
  const keys = new KeyRing(control.database, MASTER)
  const seal = (): boolean => sealNext({ folder: streamFolder, origin, keys, termsOf })
  if (what === 'look') return Array.from({ length: 20 }, seal).filter(Boolean).length
  if (what === 'verify') return verified(keys)
  let count = 0
  if (what === 'seal') while (seal()) count++
  if (what === 'read') for await (const { gone } of readRecords({ folder, keys })) if (gone === undefined) count++
  if (what !== 'erase') return count
  const gone = { ranges: [[0, 100]], parts: ['response'] } as const
  const places = packPlaces(streamFolder)
  for (const place of places) dropParts({ streamFolder, ...place }, gone, keys)
  return places.length
}

function verified(keys: KeyRing): number {
  const { ok, size } = verifyFolder(folder, keys)
  return ok ? size : -1
}

async function index(): Promise<number> {
  using live = new LiveIndex({ dataFolder: folder, keys: new LateKeys(folder, MASTER) })
  while (await live.step());
  await live.step()
  return live.lag.indexedUpto + 1
}

function termsOf(n: number) {
  return { encrypt: n !== 0, keys: 'session' } as const
}
