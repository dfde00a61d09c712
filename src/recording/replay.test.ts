import { describe, expect, it } from 'vitest'
import { madeCall, madeSession } from '../../test/support/recorded-session.ts'
import { asciicast } from './asciicast.ts'
import { paced } from './pace.ts'
import { sessionFacts } from './session-summary.ts'
import { offset, PLAIN, timelineLines } from './timeline.ts'

const REFUSED = {
  kind: 'refused',
  after: 60_000_000,
  envelope: {
    dir: 'c2s',
    mcp: { method: 'tools/call', target: 'drop' },
    decision: { effect: 'deny', rule: 'no-drop', reason: 'Ask first.' },
  },
  request: '{"params":{"name":"drop","arguments":{}}}',
} as const

describe('a replayed session', () => {
  it('says of each record where it went, what was decided, and what was hidden', async () => {
    const { events } = await madeSession([...madeCall(0), REFUSED])
    expect(events.map(({ from, marks, masked, to }) => ({ from, to, marks, masked }))).toEqual([
      { from: 'client', to: 'server', marks: [], masked: {} },
      { from: 'server', to: 'client', marks: ['masked'], masked: { email: 3 } },
      { from: 'client', to: 'gateway', marks: ['denied'], masked: {} },
    ])
  })

  it('is printed with lanes, time from its beginning, and bodies without their wrapping', async () => {
    const { events } = await madeSession([...madeCall(0), REFUSED])
    const start = events[0]?.at ?? 0
    expect(events.flatMap((event) => timelineLines(event, { paint: PLAIN, start }))).toEqual([
      '00:00.000  ─────▶─────▶  tools/call query  allow by readers  #0',
      '             {',
      '               "sql": "SELECT 1"',
      '             }',
      '00:00.002  ◀─────◀─────  tools/call query  ok  1.5 ms  masked email 3  #1',
      '             1',
      '01:00.000  ─────▶▏       tools/call drop  deny by no-drop: Ask first.  #2',
      '             {}',
    ])
  })

  it('has facts that a person reads first', async () => {
    expect(sessionFacts(await madeSession([...madeCall(0), REFUSED]))).toMatchObject({
      basis: 'mcp-session-id',
      era: 'legacy',
      who: 'ann@example.com',
      connection: 'db',
      calls: 1,
      marks: { masked: 1, denied: 1 },
      tools: { query: 1 },
      masked: { email: 3 },
      duration_us: 60_000_000,
    })
  })

  it('cuts long silence short, and shows a clock that was set back as no time', () => {
    expect(paced([0, 500_000, 60_000_000, 59_000_000, 60_000_000])).toEqual([
      0, 500_000, 2_500_000, 2_500_000, 3_500_000,
    ])
  })

  it('tells its time with hours where there are any', () => {
    expect([offset(0), offset(61_250_000), offset(3_600_000_000)]).toEqual(['00:00.000', '01:01.250', '1:00:00.000'])
  })

  it('is an asciicast of version 3 with a marker at each decision', async () => {
    const lines = [...asciicast(await madeSession([...madeCall(0), REFUSED]))].map((line): unknown => JSON.parse(line))
    expect(lines[0]).toEqual({
      version: 3,
      term: { cols: 120, rows: 36 },
      timestamp: 1_795_341_600,
      title: `Sallyport session ses_${'01'.repeat(16)}`,
    })
    expect(lines.slice(1)).toMatchObject([
      [0, 'o', expect.stringContaining('1 calls')],
      [0, 'o', expect.stringContaining('SELECT 1')],
      [0, 'm', 'allow tools/call query'],
      [0.002, 'o', expect.stringContaining('masked email 3')],
      [0, 'm', 'ok tools/call query masked'],
      [2, 'o', expect.stringContaining('no-drop')],
      [0, 'm', 'deny tools/call drop denied'],
    ])
  })
})
