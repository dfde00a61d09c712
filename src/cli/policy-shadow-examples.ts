import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { principalId } from '../identity/principal.ts'
import { recorded, textAt } from '../recording/read.ts'
import type { PackKeys } from '../store/packs/keys.ts'
import { readRecords } from '../store/segments/read-records.ts'
import type { ShadowDiffRow } from '../store/sqlite/shadow-rows.ts'

/** Decided and recorded are moments apart, by clocks that may differ by this much. */
const APART_MS_MAX = 2_000

/** The record that shows each difference, by its number, as far as there is one: that of the newest such call. */
export async function examplesOf(
  diffs: readonly ShadowDiffRow[],
  { folder, keys }: { readonly folder: string; readonly keys: PackKeys | undefined },
): Promise<ReadonlyMap<ShadowDiffRow, number>> {
  const found = new Map<ShadowDiffRow, { seq: number; apart: number }>()
  if (diffs.length === 0 || !existsSync(join(folder, 'audit'))) return new Map()
  for await (const stored of readRecords({ folder, keys })) {
    const { kind, time } = stored.entry
    if (kind !== 'intent' && kind !== 'refused') continue
    const near = diffs.filter(({ lastMs }) => Math.abs(lastMs - time / 1000) <= APART_MS_MAX)
    if (near.length === 0) continue
    const call = callOf(recorded(stored))
    for (const diff of near) {
      const apart = Math.abs(diff.lastMs - time / 1000)
      if (call === keyOf(diff) && apart <= (found.get(diff)?.apart ?? APART_MS_MAX))
        found.set(diff, { seq: stored.seq, apart })
    }
  }
  return new Map([...found].map(([diff, { seq }]) => [diff, seq]))
}

function callOf({ envelope }: ReturnType<typeof recorded>): string {
  const text = (...path: string[]): string => textAt(envelope, ...path) ?? ''
  const principal = principalId(text('actor', 'iss'), text('actor', 'sub'))
  return [principal, text('conn', 'name'), text('mcp', 'method'), text('mcp', 'target')].join('\n')
}

function keyOf({ example: { principal, connection, method, target } }: ShadowDiffRow): string {
  return [principal, connection, method, target].join('\n')
}
