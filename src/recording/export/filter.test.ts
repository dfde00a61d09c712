import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIRST, type MadeRecord, storedRecords } from '../../../test/support/recorded-session.ts'
import { recorded } from '../read.ts'
import { recordFilter, type RecordFilter } from './filter.ts'

const EFFECTS = ['allow', 'deny']
const CONNECTIONS = ['db', 'files']
const PEOPLE = ['ann', 'bob']

interface Told {
  readonly refused: boolean
  readonly connection: number
  readonly person: number
  readonly session: number
}

/** Calls that are allowed have an outcome right after them. */
function madeOf(told: readonly Told[]): MadeRecord[] {
  const made: MadeRecord[] = []
  for (const { connection, person, refused, session } of told) {
    const common = {
      conn: { name: CONNECTIONS[connection] },
      actor: { sub: PEOPLE[person], email: `${PEOPLE[person]}@example.com` },
    }
    const after = made.length * 1000
    const effect = refused ? 'deny' : 'allow'
    made.push({ kind: refused ? 'refused' : 'intent', envelope: { ...common, decision: { effect } }, after, session })
    if (!refused)
      made.push({ kind: 'outcome', envelope: { ...common, of: made.length - 1 }, after: after + 1000, session })
  }
  return made
}

const told = fc.record({
  refused: fc.boolean(),
  connection: fc.nat({ max: 1 }),
  person: fc.nat({ max: 1 }),
  session: fc.integer({ min: 1, max: 2 }),
})
const filters: fc.Arbitrary<RecordFilter> = fc.record(
  {
    from: fc.integer({ min: FIRST - 1000, max: FIRST + 30_000 }),
    to: fc.integer({ min: FIRST, max: FIRST + 40_000 }),
    connection: fc.constantFrom(...CONNECTIONS, 'none'),
    who: fc.constantFrom('ann', 'bob@example.com', 'nobody'),
    session: fc.constantFrom('ses_01', 'ses_02', 'ses_'),
    decision: fc.constantFrom(...EFFECTS),
    kind: fc.constantFrom('intent', 'outcome', 'refused'),
  },
  { requiredKeys: [] },
)

describe('a selection of records', () => {
  it('has exactly those for which everything holds that was asked, in their order', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 20 }), filters, (calls, filter) => {
        const made = madeOf(calls)
        const wanted = recordFilter(filter)
        const selected = storedRecords(made).map(recorded).filter(wanted)
        const expected = made.flatMap((one, seq) => (holds(one, made, filter) ? [seq] : []))
        expect(selected.map(({ stored }) => stored.seq)).toEqual(expected)
      }),
    )
  })

  it('is everything where nothing is asked', () => {
    const all = storedRecords(madeOf([{ refused: false, connection: 0, person: 0, session: 1 }])).map(recorded)
    expect(all.filter(recordFilter({}))).toHaveLength(2)
  })
})

/** Said again, the slow way. */
function holds(one: MadeRecord, made: readonly MadeRecord[], filter: RecordFilter): boolean {
  const envelope = JSON.parse(JSON.stringify(one.envelope))
  const time = FIRST + (one.after ?? 0)
  const decided = one.kind === 'outcome' ? made[envelope.of]?.envelope : envelope
  const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
    from: (value) => time >= Number(value),
    to: (value) => time < Number(value),
    connection: (value) => envelope.conn.name === value,
    who: (value) => envelope.actor.sub === value || envelope.actor.email === value,
    session: (value) => value === 'ses_' || value === `ses_0${one.session}`,
    decision: (value) => JSON.parse(JSON.stringify(decided)).decision?.effect === value,
    kind: (value) => one.kind === value,
  }
  return Object.entries(filter).every(([key, value]) => value === undefined || checks[key]?.(value) === true)
}
