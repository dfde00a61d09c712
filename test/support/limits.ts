import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSessionId } from '../../src/base/ids.ts'
import { Limits, type LimitsOptions, type LimitSubject, type Taken } from '../../src/limits/limits.ts'
import { compileLimit, type LimitEntry, type LimitOf } from '../../src/policy/limit.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { SqliteLimitRows } from '../../src/store/sqlite/limit-rows.ts'

const START_MS = 1_790_000_000_000
export const ANN: LimitSubject = {
  identity: 'pri_ann',
  connection: 'prod-db',
  tool: 'query',
  session: newSessionId(),
  client: 'editor',
}
export const BOB: LimitSubject = { ...ANN, identity: 'pri_bob', session: newSessionId() }

export function limit(entry: LimitEntry, { rule = 'rule', index = 0 } = {}): LimitOf {
  const spec = compileLimit(entry)
  if (spec.kind === 'wrong') throw new Error(spec.message)
  return { rule, index, spec }
}

/** Limits over a database of their own. Times are milliseconds after the start. */
export function openLimits(options: Omit<LimitsOptions, 'nowMs'> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-limits-'))
  const control = ControlDatabase.open(folder)
  const open = (ms: number, more = options) => new Limits(new SqliteLimitRows(control), { nowMs: at(ms), ...more })
  const keys = () =>
    control.database
      .prepare('SELECT key FROM limit_bucket')
      .all()
      .map(({ key }) => String(key))
  const world = {
    control,
    at,
    keys,
    limits: open(0),
    rows: () => keys().length,
    /** As after a kill: what was not flushed is gone. */
    restart(ms: number, more = options) {
      world.limits = open(ms, more)
    },
    take(limits: readonly LimitOf[], subject: LimitSubject, ms = 0): Taken {
      const taken = world.limits.take(limits, subject, at(ms))
      if (taken.kind !== 'taken') throw new Error('no room')
      return taken
    },
    /** How many of so many calls pass. */
    passes(limits: readonly LimitOf[], subject: LimitSubject, tries: number, ms = 0): number {
      const answers = Array.from({ length: tries }, () => world.limits.take(limits, subject, at(ms)).kind)
      return answers.filter((kind) => kind === 'taken').length
    },
    [Symbol.dispose]() {
      control.close()
      rmSync(folder, { recursive: true })
    },
  }
  return world
}

function at(ms: number): number {
  return START_MS + ms
}
