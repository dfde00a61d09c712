import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ControlDatabase } from './control.ts'
import { type ShadowDiffRow, SqliteShadowRows } from './shadow-rows.ts'

const TRIAL = { id: 'one', path: '/etc/new.yaml', setMs: 1_790_000_000_000 }
const DIFF: ShadowDiffRow = {
  from: 'allow',
  to: 'deny',
  rule: 'no-ddl',
  count: 2,
  firstMs: 1_790_000_000_001,
  lastMs: 1_790_000_000_002,
  example: { principal: 'pri_ann', connection: 'db', method: 'tools/call', target: 'query' },
}

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-shadow-'))
  const control = ControlDatabase.open(folder)
  const rows = new SqliteShadowRows(control)
  const dispose = (): void => {
    control.close()
    rmSync(folder, { recursive: true })
  }
  return { rows, [Symbol.dispose]: dispose }
}

it('is what the gateway reads that the command line wrote, and the other way round', () => {
  using world = setUp()
  expect(world.rows.current()).toBeUndefined()
  world.rows.set(TRIAL)
  expect(world.rows.current()).toEqual({ ...TRIAL, version: undefined, trouble: undefined, compared: 0 })
  world.rows.loaded('one', 'v1')
  world.rows.add('one', { compared: 5, diffs: [DIFF] })
  const later = { ...DIFF, count: 1, firstMs: 9e12, lastMs: 9e12, example: { ...DIFF.example, target: 'other' } }
  world.rows.add('one', { compared: 2, diffs: [later] })
  expect(world.rows.current()).toMatchObject({ version: 'v1', compared: 7 })
  expect(world.rows.diffs()).toEqual([{ ...later, count: 3, firstMs: DIFF.firstMs }])
})

it('forgets the counts of a version that is not tried any more, and keeps them over a restart', () => {
  using world = setUp()
  world.rows.set(TRIAL)
  world.rows.loaded('one', 'v1')
  world.rows.add('one', { compared: 5, diffs: [DIFF] })
  world.rows.failed('one', 'a mistake')
  expect(world.rows.current()).toMatchObject({ trouble: 'a mistake', compared: 5 })
  world.rows.loaded('one', 'v1')
  expect(world.rows.current()).toMatchObject({ trouble: undefined, compared: 5 })
  world.rows.loaded('one', 'v2')
  expect([world.rows.current()?.compared, world.rows.diffs()]).toEqual([0, []])
})

it('drops what is said of a trial that is over', () => {
  using world = setUp()
  world.rows.set(TRIAL)
  world.rows.set({ ...TRIAL, id: 'two' })
  world.rows.loaded('one', 'v1')
  world.rows.add('one', { compared: 5, diffs: [DIFF] })
  expect(world.rows.current()).toMatchObject({ id: 'two', version: undefined, compared: 0 })
  expect(world.rows.diffs()).toEqual([])
  expect([world.rows.stop(), world.rows.stop(), world.rows.current()]).toEqual([true, false, undefined])
  world.rows.add('two', { compared: 1, diffs: [DIFF] })
  expect(world.rows.diffs()).toEqual([])
})
