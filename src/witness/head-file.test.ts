import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LogInMemory } from '../../test/support/log-in-memory.ts'
import { parseCheckpoints } from '../audit/checkpoint.ts'
import { appendHead, tailOf } from './head-file.ts'

it('heads are appended one after the other, and of a large file only the tail is read', async () => {
  using world = setUp()
  const log = new LogInMemory().append(...Array.from({ length: 1500 }, (_, i) => String(i)))
  // Most of them small, for to make one of so many records takes a while.
  writeFileSync(world.path, Array.from({ length: 1500 }, (_, i) => log.note(i < 1490 ? 1 : i + 1)).join(''))
  expect(statSync(world.path).size).toBeGreaterThan(200 * 1024)
  const { end, heads } = await tailOf(world.path)
  expect([end, heads.at(-1)?.head?.size]).toEqual([statSync(world.path).size, 1500])
  expect(heads.length).toBeLessThan(1000)
  log.append('more')
  await appendHead(world.path, end, log.note())
  expect(parseCheckpoints(readFileSync(world.path, 'utf8')).heads.filter(({ head }) => head !== undefined).length).toBe(
    1501,
  )
})

it.each([1, 40, 100])(
  'what was cut off %s bytes before its end is written over, wherever the cut is',
  async (missing) => {
    using world = setUp()
    const log = new LogInMemory().append('a', 'b', 'c')
    await appendHead(world.path, 0, log.note(1))
    appendFileSync(world.path, log.note(2).slice(0, -missing))
    await appendHead(world.path, (await tailOf(world.path)).end, log.note(3))
    expect(parseCheckpoints(readFileSync(world.path, 'utf8')).heads.map(({ head }) => head?.size)).toEqual([1, 3])
    expect(statSync(world.path).mode & 0o777).toBe(0o600)
  },
)

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-heads-'))
  return { path: join(folder, 'heads'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
