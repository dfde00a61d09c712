import { isObject, type JsonValue, parseJson } from '../base/json.ts'
import { restoredWord, safe } from './print.ts'
import type { Lane, ReplayBody, ReplayEvent } from './replay-event.ts'

/** How a terminal colours a word; the plain one returns it as it is. */
export type Paint = (style: 'dim' | 'good' | 'bad' | 'warn' | 'strong', text: string) => string

export const PLAIN: Paint = (_, text) => text

const CODES = { dim: 2, good: 32, bad: 31, warn: 33, strong: 1 } as const
const ESCAPE = '\u001B'

/** Escape sequences of our own, around text that has none. */
export const COLOURED: Paint = (style, text) => `${ESCAPE}[${CODES[style]}m${text}${ESCAPE}[0m`

export interface TimelineOptions {
  readonly paint: Paint
  /** Time of the session's first event. */
  readonly start: number
  /** Lines of a body; undefined: all. */
  readonly bodyLines?: number | undefined
}

/** An event for a terminal: one line that says what happened, and the bodies below it. Recorded text cannot drive it. */
export function timelineLines(event: ReplayEvent, options: TimelineOptions): readonly string[] {
  const { paint } = options
  const head = [
    paint('dim', offset(event.at - options.start)),
    arrow(event.from, event.to),
    paint('strong', safe(titleOf(event))),
    ...resultOf(event, paint),
    paint('dim', `#${event.seq}`),
  ]
  return [head.join('  '), ...bodiesOf(event).flatMap((body) => bodyLines(body, options))]
}

/** `tools/call query`, or what the record is where it is no message. */
export function titleOf({ kind, method, target }: ReplayEvent): string {
  if (method === undefined) return kind
  const words = target === undefined ? method : `${method} ${target}`
  return kind === 'intent' || kind === 'outcome' || kind === 'refused' ? words : `${words} (${kind})`
}

function resultOf(event: ReplayEvent, paint: Paint): readonly string[] {
  const { detail, effect, integrity, masked, reason, rule, status, took_us: took } = event
  const why = reason === undefined ? '' : `: ${reason}`
  const kinds = Object.entries(masked).map(([kind, count]) => `${kind} ${count}`)
  const restored = restoredWord(event.envelope)
  return [
    effect && paint(effect === 'allow' ? 'good' : 'bad', safe(`${effect} by ${rule ?? '?'}${why}`)),
    status && paint(status === 'ok' ? 'good' : 'bad', safe(detail === undefined ? status : `${status} (${detail})`)),
    took === undefined ? undefined : `${Math.round(took / 100) / 10} ms`,
    kinds.length === 0 ? undefined : paint('warn', safe(`masked ${kinds.join(', ')}`)),
    restored && paint('warn', restored),
    integrity === 'verified' ? undefined : paint('bad', `** ${integrity.toUpperCase()} **`),
  ].filter((word) => word !== undefined)
}

const ARROWS: Readonly<Record<string, string>> = {
  'client server': '─────▶─────▶',
  'client gateway': '─────▶▏     ',
  'server client': '◀─────◀─────',
  'server gateway': '      ▕◀────',
  'gateway gateway': '      ●     ',
}

/** Client, gateway and server from left to right. */
function arrow(from: Lane, to: Lane): string {
  return ARROWS[`${from} ${to}`] ?? `${from} ${to}`
}

/** `00:01.250`; hours where there are any. */
export function offset(micros: number): string {
  const ms = Math.max(0, Math.floor(micros / 1000))
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1000) % 60,
  ]
  return `${hours === 0 ? '' : `${hours}:`}${two(minutes)}:${two(seconds)}.${String(ms % 1000).padStart(3, '0')}`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}

function bodiesOf({ request, response }: ReplayEvent): readonly ReplayBody[] {
  return [request, response].filter((body) => body !== undefined)
}

const INDENT = ' '.repeat('00:00.000    '.length)

function bodyLines(body: ReplayBody, { bodyLines: most, paint }: TimelineOptions): readonly string[] {
  const lines = (body.base64 ? `${body.bytes} bytes that are no text` : readable(body.text)).split('\n')
  const shown = lines.slice(0, most ?? lines.length).map((line) => `${INDENT}${safe(line)}`)
  const left = lines.length - shown.length
  const more = left === 0 ? [] : [`${INDENT}${paint('dim', `… ${left} more lines: --full`)}`]
  const altered = body.altered ? [`${INDENT}${paint('bad', '** ALTERED ** this is not what was recorded')}`] : []
  return [...altered, ...shown, ...more]
}

/** What a person wants to see of a message: its parameters or result without the envelope of JSON-RPC. */
export function readable(text: string): string {
  const message = parsed(text)
  if (!isObject(message)) return text
  const { error, params, result } = message
  const inner = [error, result, params].find((one) => one !== undefined)
  if (inner === undefined) return text
  return texts(inner) ?? JSON.stringify(argumentsOf(inner) ?? inner, undefined, 2)
}

/** A tool's result that is nothing but texts. */
function texts(result: JsonValue): string | undefined {
  if (!isObject(result) || !Array.isArray(result['content'])) return undefined
  const content: readonly JsonValue[] = result['content']
  const all = content.map((one) => (isObject(one) && one['type'] === 'text' ? one['text'] : undefined))
  return all.every((one) => typeof one === 'string') && all.length > 0 ? all.join('\n') : undefined
}

function argumentsOf(params: JsonValue): JsonValue | undefined {
  return isObject(params) && isObject(params['arguments']) ? params['arguments'] : undefined
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
