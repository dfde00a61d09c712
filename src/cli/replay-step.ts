import { once } from 'node:events'
import { emitKeypressEvents } from 'node:readline'
import type { RecordedSession } from '../recording/load-session.ts'
import { type Mark, MARKS, type ReplayEvent } from '../recording/replay-event.ts'
import { timelineLines } from '../recording/timeline.ts'
import { EXIT, type ExitCode } from './out.ts'
import { headLines, paint } from './replay-print.ts'
import { UsageError } from './usage.ts'

const KEYS_LINE = 'space/→ next  ← back  n/p marked  m masked  d denied  a approved  f failed  g/G ends  q quit'

/** Event by event, by keys. Where nobody can press one, it says so. */
export function stepping(): (session: RecordedSession) => Promise<ExitCode> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError('--step needs a terminal. Without one: replay SESSION, or --as html.')
  return stepThrough
}

async function stepThrough(session: RecordedSession): Promise<ExitCode> {
  const { stdin } = process
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  try {
    let place: number | undefined = 0
    while (place !== undefined) {
      draw(session, place)
      const [, key] = await pressed(stdin)
      place = placeAfter(key, place, session.events)
    }
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
  }
  return EXIT.fine
}

interface Key {
  readonly name?: string
  readonly sequence?: string
  readonly ctrl?: boolean
}

async function pressed(stdin: NodeJS.ReadStream): Promise<readonly [string | undefined, Key]> {
  const [text, key]: unknown[] = await once(stdin, 'keypress')
  return [typeof text === 'string' ? text : undefined, typeof key === 'object' && key !== null ? key : {}]
}

/** Where keys lead: to a mark in a direction, so many events on, to an end. */
const JUMPS: Readonly<Record<string, { readonly step: 1 | -1; readonly marks: readonly Mark[] }>> = {
  n: { step: 1, marks: MARKS },
  p: { step: -1, marks: MARKS },
  m: { step: 1, marks: ['masked'] },
  d: { step: 1, marks: ['denied'] },
  a: { step: 1, marks: ['approved'] },
  f: { step: 1, marks: ['failed'] },
}
const STEPS: Readonly<Record<string, number>> = {
  space: 1,
  right: 1,
  down: 1,
  return: 1,
  '.': 1,
  left: -1,
  up: -1,
  backspace: -1,
  ',': -1,
  g: -Infinity,
  home: -Infinity,
  G: Infinity,
  end: Infinity,
}

/** Where a key leads; undefined: out. */
export function placeAfter(key: Key, place: number, events: readonly ReplayEvent[]): number | undefined {
  if (isQuit(key)) return undefined
  const { name = '', sequence = '' } = key
  const steps = own(STEPS, sequence) ?? own(STEPS, name)
  if (steps !== undefined) return Math.max(0, Math.min(events.length - 1, place + steps))
  const jump = own(JUMPS, name)
  return jump === undefined ? place : marked(events, place, jump)
}

function isQuit({ ctrl, name = '' }: Key): boolean {
  return name === 'q' || name === 'escape' || (ctrl === true && ['c', 'd'].includes(name))
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** The next one so marked in that direction, or the same place where there is none. */
function marked(
  events: readonly ReplayEvent[],
  place: number,
  { step, marks }: { readonly step: 1 | -1; readonly marks: readonly Mark[] },
): number {
  for (let i = place + step; i >= 0 && i < events.length; i += step)
    if (events[i]?.marks.some((mark) => marks.includes(mark)) === true) return i
  return place
}

const CLEAR = '\u001B[2J\u001B[H'
/** Title, facts, lanes, two lines of keys. */
const FRAME_LINES = 6

function draw(session: RecordedSession, place: number): void {
  const event = session.events[place]
  const start = session.events[0]?.at ?? 0
  const bodyLines = Math.max(4, (process.stdout.rows ?? 24) - FRAME_LINES)
  const lines = event === undefined ? ['No records.'] : timelineLines(event, { paint: paint(), start, bodyLines })
  const foot = paint()('dim', `${place + 1} of ${session.events.length}  ${KEYS_LINE}`)
  process.stdout.write(`${CLEAR}${[...headLines(session), ...lines, '', foot, ''].join('\n')}`)
}
