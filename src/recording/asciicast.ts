import { stringifyJson } from '../base/json.ts'
import type { RecordedSession } from './load-session.ts'
import { paced } from './pace.ts'
import { factsLine, sessionFacts } from './session-summary.ts'
import { COLOURED, timelineLines, titleOf } from './timeline.ts'
import { safe } from './print.ts'

const TERM = { cols: 120, rows: 36 } as const
/** Lines of a body in a recording for a screen. */
const BODY_LINES = 12

/**
 * The session as a terminal recording, asciicast v3: a header, then `[interval, code, data]`, intervals in seconds since the
 * event before (docs.asciinema.org/manual/asciicast/v3). A marker stands at each decision.
 */
export function* asciicast(session: RecordedSession): Generator<string, void, undefined> {
  const { events, id } = session
  const start = events[0]?.at ?? 0
  const title = safe(`Sallyport session ${id}`)
  yield stringifyJson({ version: 3, term: { ...TERM }, timestamp: Math.floor(start / 1_000_000), title })
  yield output(0, [title, safe(factsLine(sessionFacts(session))), ''])
  const shown = paced(events.map(({ at }) => at))
  for (const [i, event] of events.entries()) {
    const interval = ((shown[i] ?? 0) - (shown[i - 1] ?? 0)) / 1_000_000
    yield output(interval, timelineLines(event, { paint: COLOURED, start, bodyLines: BODY_LINES }))
    if (event.effect === undefined && event.marks.length === 0) continue
    const label = [event.effect ?? event.status ?? '', titleOf(event), ...event.marks].join(' ').trim()
    yield stringifyJson([0, 'm', safe(label)])
  }
}

function output(interval: number, lines: readonly string[]): string {
  return stringifyJson([Math.round(interval * 1e6) / 1e6, 'o', lines.map((line) => `${line}\r\n`).join('')])
}
