import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LogInMemory } from '../../test/support/log-in-memory.ts'
import { parseCheckpoints, parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { AnchorConflict } from './anchor.ts'
import { fileAnchor } from './file-anchor.ts'

it('heads are appended, each once, for their owner only', async () => {
  using world = setUp()
  for (const size of [1, 3, 3, 4]) await world.leave(world.log, size)
  expect(world.sizes()).toEqual([1, 3, 4])
  expect(statSync(world.path).mode & 0o777).toBe(0o600)
})

it('a head that was cut off while it was written does not swallow the next one', async () => {
  using world = setUp()
  await world.leave(world.log, 1)
  appendFileSync(world.path, world.log.note(2).slice(0, -20))
  await world.leave(world.log, 3)
  expect(world.sizes()).toEqual([1, 3])
})

it('another history and an older copy are conflicts, and change nothing', async () => {
  using world = setUp()
  await world.leave(world.log, 3)
  await expect(world.leave(world.log, 2)).rejects.toThrow(AnchorConflict)
  await expect(world.leave(world.log.fork(1, 'x', 'y'), 3)).rejects.toThrow('holds another head with 3 records')
  expect(world.sizes()).toEqual([3])
})

it('heads of several logs share a file', async () => {
  using world = setUp()
  await world.leave(world.log, 3)
  await world.leave(new LogInMemory('other').append('a'), 1)
  await world.leave(world.log, 4)
  expect(world.sizes()).toEqual([3, 1, 4])
})

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-anchor-'))
  const path = join(folder, 'heads')
  const anchor = fileAnchor(path)
  return {
    path,
    log: new LogInMemory().append('a', 'b', 'c', 'd'),
    leave: async (log: LogInMemory, size: number) =>
      anchor.leave(parseSignedCheckpoint(log.note(size)) as SignedCheckpoint),
    sizes: () => parseCheckpoints(readFileSync(path, 'utf8')).heads.map(({ head }) => head?.size),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
