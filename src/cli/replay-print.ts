import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedSession } from '../recording/load-session.ts'
import { paced } from '../recording/pace.ts'
import { printJson, safe } from '../recording/print.ts'
import type { ReplayEvent } from '../recording/replay-event.ts'
import { factsLine, sessionFacts } from '../recording/session-summary.ts'
import { COLOURED, type Paint, PLAIN, timelineLines } from '../recording/timeline.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'

export interface PrintOptions {
  readonly full: boolean
  readonly only: readonly string[] | undefined
}

/** Lines of a body that show what it is about. */
const BODY_LINES = 8

/** All of it at once. */
export function printSession(
  session: RecordedSession,
  { full, json, only }: PrintOptions & { readonly json: boolean },
): Promise<ExitCode> {
  const events = wanted(session, only)
  const shown = new Set(events.map(({ seq }) => seq))
  if (json)
    for (const record of session.records.filter(({ stored }) => shown.has(stored.seq))) printLine(printJson(record))
  else {
    for (const line of headLines(session)) printLine(line)
    for (const event of events) printEvent(event, session, full)
  }
  return Promise.resolve(EXIT.fine)
}

/** As it went, so many times as fast, until its end or Ctrl-C. */
export function playing({ full, only, speed }: PrintOptions & { readonly speed: number }) {
  return async (session: RecordedSession): Promise<ExitCode> => {
    const events = wanted(session, only)
    for (const line of headLines(session)) printLine(line)
    const shown = paced(events.map(({ at }) => at))
    for (const [i, event] of events.entries()) {
      await sleep(((shown[i] ?? 0) - (shown[i - 1] ?? 0)) / 1000 / speed)
      printEvent(event, session, full)
    }
    return EXIT.fine
  }
}

export function headLines(session: RecordedSession): readonly string[] {
  const facts = sessionFacts(session)
  const who = [facts.who, facts.connection, facts.client].map((word) => word ?? '-').join('  ')
  return [
    paint()('strong', safe(`Session ${session.id}  ${who}  ${facts.first}`)),
    safe(factsLine(facts)),
    'client       gateway     server'.padStart(44),
  ]
}

/** Colours where a person looks; `NO_COLOR` as no-color.org has it. */
export function paint(): Paint {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' ? COLOURED : PLAIN
}

function printEvent(event: ReplayEvent, session: RecordedSession, full: boolean): void {
  const start = session.events[0]?.at ?? 0
  for (const line of timelineLines(event, { paint: paint(), start, bodyLines: full ? undefined : BODY_LINES }))
    printLine(line)
}

function wanted({ events }: RecordedSession, only: readonly string[] | undefined): readonly ReplayEvent[] {
  return only === undefined ? events : events.filter(({ marks }) => marks.some((mark) => only.includes(mark)))
}
