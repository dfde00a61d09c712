import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { isObject, parseJson } from '../base/json.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { loadSession } from './load-session.ts'
import { printJson, printLine, safe } from './print.ts'
import { recorded } from './read.ts'
import { replayEvent } from './replay-event.ts'
import { listSessions } from './sessions.ts'
import { PLAIN, timelineLines } from './timeline.ts'

const ENVELOPE = {
  actor: { email: 'ann@example.com', sub: 'ann' },
  conn: { name: 'postgres' },
  decision: { effect: 'deny', rule: 'no-drop' },
  mcp: { method: 'tools/call', target: 'query' },
}

describe('a printed record', () => {
  it('says when, who, what and by which rule', () => {
    expect(printLine(recorded(stored({})))).toBe(
      '2026-11-22T10:00:00.000Z #7 ses_01010101 refused       ann@example.com postgres tools/call query deny by no-drop',
    )
  })

  it('says how many stand-ins turned back, in the line and in a replay', () => {
    const masking = { entities: {}, restored: ['x1', 'x2'] }
    const record = recorded(stored({ envelope: { ...ENVELOPE, masking } }))
    expect(printLine(record)).toMatch(/ turned back 2$/)
    const event = replayEvent(record)
    expect(timelineLines(event, { paint: PLAIN, start: event.at })[0]).toContain('  turned back 2  #7')
  })

  it.each(['\u001b[2J', '\u009b31m', '\u202e', '\r\n', '\u0000', '\u007f'])(
    'cannot drive the terminal with %j',
    (attack) => {
      const envelope = { ...ENVELOPE, mcp: { method: 'tools/call', target: `query${attack}` } }
      const record = recorded(stored({ envelope, request: `a${attack}b` }))
      const lines = [printLine(record), ...timelineLines(replayEvent(record), { paint: PLAIN, start: 0 })]
      for (const line of lines) expect(line).not.toContain(attack)
      expect(lines.join('')).toContain(safe(attack).slice(0, 6))
    },
  )

  it('has each line of a body on a line of its own', () => {
    const event = replayEvent(recorded(stored({ request: '{\n' })))
    expect(timelineLines(event, { paint: PLAIN, start: event.at }).slice(1)).toEqual([
      '             {',
      '             ',
    ])
  })

  it('as JSON has the envelope and what its place adds', () => {
    const json = parseJson(printJson(recorded(stored({ request: 'body' }))))
    expect(json).toMatchObject({
      ...ENVELOPE,
      seq: 7,
      integrity: { state: 'verified' },
      body: { req: { bytes: 4, text: 'body' } },
    })
  })

  it('that was altered is shown as altered, not hidden', () => {
    const altered = recorded(stored({ opens: false }))
    expect(printLine(altered)).toContain('** ALTERED **')
    const json = parseJson(printJson(altered))
    expect(isObject(json) && json['integrity']).toEqual({ state: 'altered' })
  })

  it('whose envelope is gone is shown as missing', () => {
    const record = stored({})
    expect(printLine(recorded({ ...record, parts: {} }))).toContain('** MISSING **')
  })
})

describe('sessions', () => {
  it('are listed with who, where, and how many calls', async () => {
    const records = [
      stored({ kind: 'session.start' }),
      stored({ kind: 'intent' }),
      stored({ kind: 'refused' }),
      stored({ session: 2 }),
    ]
    expect(await listSessions(asAsync(records))).toMatchObject([
      {
        id: `ses_${'01'.repeat(16)}`,
        who: 'ann@example.com',
        connection: 'postgres',
        calls: 1,
        refused: 1,
        records: 3,
      },
      { id: `ses_${'02'.repeat(16)}`, calls: 0, refused: 1 },
    ])
  })

  it('are loaded by the beginning of their id, which must fit one only', async () => {
    const one = await loadSession(threeRecords(), 'ses_01')
    expect(one.kind === 'one' && one.session.events).toHaveLength(2)
    expect(await loadSession(threeRecords(), '0')).toMatchObject({ kind: 'several' })
    expect(await loadSession(threeRecords(), 'ses_ff')).toEqual({ kind: 'none' })
    expect(await loadSession(threeRecords(), 'ses_01', 10)).toMatchObject({ kind: 'large' })
  })
})

function threeRecords() {
  return asAsync([stored({}), stored({ session: 2 }), stored({ kind: 'outcome' })])
}

interface Told {
  readonly envelope?: object
  readonly request?: string
  readonly opens?: boolean
  readonly kind?: StoredRecord['entry']['kind']
  readonly session?: number
}

function stored({ envelope = ENVELOPE, kind = 'refused', opens = true, request, session = 1 }: Told): StoredRecord {
  const zero = new Uint8Array(32)
  return {
    origin: 'o',
    seq: 7,
    leaf: zero,
    inTree: true,
    entry: {
      kind,
      flags: request === undefined ? 0 : 2,
      retentionClass: 1,
      seq: 7,
      time: 1_795_341_600_000_123,
      session: new Uint8Array(16).fill(session),
      policyEpoch: zero,
      envelope: zero,
      request: request === undefined ? undefined : zero,
      response: undefined,
      prev: undefined,
    },
    parts: {
      envelope: { bytes: encodeUtf8(JSON.stringify(envelope)), opens },
      ...(request === undefined ? {} : { request: { bytes: encodeUtf8(request), opens } }),
    },
  }
}

async function* asAsync(records: readonly StoredRecord[]) {
  yield* records
}
