import { describe, expect, it } from 'vitest'
import { Masked } from '../masking/masked.ts'
import { lookOf } from './look-records.ts'

const MAKER = {
  now: { micros: () => 1_795_341_600_000_000, ms: () => 1_795_341_600_000, mono: () => 5 },
  ids: { record: () => '019aaa' },
}

function viewOf(view: Readonly<Record<string, string | number>>): unknown {
  const entry = lookOf({ kind: 'export', at: 1_795_341_599_000_000, view }, MAKER)
  return JSON.parse(Masked.read(entry.envelope)).view
}

describe('a look at the log', () => {
  it('is recorded with who, what and when', () => {
    const view = { session: 'ses_01', format: 'html', rows: 7, os_user: 'ann', os_uid: 1000, from: '7d', who: 'named' }
    expect(viewOf(view)).toEqual({ ...view, looked: '2026-11-22T09:59:59.000000Z' })
  })

  it('holds no text of anybody who can write a file', () => {
    const view = {
      session: 'ses_<script>',
      who: 'jane@example.com',
      connection: 'a\u202Eb',
      note: 'anything',
      rows: 'many',
      os_user: 'x'.repeat(200),
      constructor: 'x',
    }
    expect(viewOf(view)).toEqual({ looked: '2026-11-22T09:59:59.000000Z' })
  })
})
