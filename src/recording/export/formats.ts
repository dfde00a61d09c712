import { stringifyJson } from '../../base/json.ts'
import { printJson } from '../print.ts'
import type { RecordedRecord } from '../read.ts'
import { cefLine } from './cef.ts'
import { csvHead, csvRow } from './csv.ts'
import { ocsfEvent } from './ocsf.ts'
import { otelLine } from './otel.ts'

export interface LineOptions {
  /** Version of this program, which events name. */
  readonly version: string
  /** With the requests and responses, masked as they were recorded; without, only what the envelope says. */
  readonly bodies: boolean
}

/** A format whose records are lines. */
export interface LineFormat {
  readonly head?: string
  readonly extension: string
  readonly line: (record: RecordedRecord, options: LineOptions) => string
}

export const LINE_FORMATS = {
  jsonl: { extension: 'jsonl', line: (record, { bodies }) => printJson(record, { bodies }) },
  csv: { extension: 'csv', head: csvHead(), line: csvRow },
  ocsf: { extension: 'ocsf.jsonl', line: (record, { version }) => stringifyJson(ocsfEvent(record, version)) },
  cef: { extension: 'cef', line: (record, { version }) => cefLine(record, version) },
  otel: { extension: 'otlp.jsonl', line: (record, { version }) => stringifyJson(otelLine(record, version)) },
} as const satisfies Record<string, LineFormat>

export type LineFormatName = keyof typeof LINE_FORMATS

export function isLineFormat(name: string): name is LineFormatName {
  return Object.hasOwn(LINE_FORMATS, name)
}
