import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeUtf8 } from '../base/bytes.ts'
import { stringifyJson } from '../base/json.ts'
import { safe } from '../recording/print.ts'
import { readRecorded, type RecordedRecord, textAt } from '../recording/read.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { findingJson } from './mask-report.ts'
import { packKeysOf } from './pack-keys.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { searchedEnvelope } from './searched-envelope.ts'
import type { Tried, TryOut } from './try-masking.ts'
import { UsageError } from './usage.ts'

export interface LogSearch {
  /** The data folder of a gateway. */
  readonly folder: string
  /** The configuration that names the key of what is sealed. */
  readonly config?: string | undefined
  /** Only records of this connection; undefined: all. */
  readonly connection: string | undefined
  readonly json: boolean
  readonly tryOut: (text: string) => TryOut
}

/**
 * Searches what is recorded once more: whatever is found there should have been hidden, unless a rule let it through. It is
 * the same engine with today's rules, run over the bytes on disk. The exit code is 1 where anything is found or unreadable.
 */
export async function searchLog({ folder, config, connection, json, tryOut }: LogSearch): Promise<ExitCode> {
  const path = resolve(folder)
  const keys = await packKeysOf({ data: path, config }, path)
  if (!existsSync(join(path, 'audit'))) throw new UsageError(`There is no log in ${path}. Name the data folder.`)
  const sum = { records: 0, found: 0, unread: 0 }
  for await (const record of readRecorded(readRecords({ folder: path, keys }))) {
    if (connection !== undefined && textAt(record.envelope, 'conn', 'name') !== connection) continue
    sum.records++
    if (record.integrity !== 'verified') sum.unread++
    for (const { part, text } of partsOf(record)) {
      const { findings, untold } = tryOut(text)
      if (untold !== undefined) sum.unread++
      for (const finding of findings) printFinding(finding, { seq: record.stored.seq, part, json })
      sum.found += findings.filter(({ action }) => action !== 'none').length
    }
  }
  // Whoever reads JSON line by line reads findings alone.
  for (const line of sumLines(sum)) (json ? printError : printLine)(line)
  return sum.found + sum.unread === 0 ? EXIT.fine : EXIT.refused
}

function sumLines({ records, found, unread }: { records: number; found: number; unread: number }): string[] {
  const values = found === 0 ? 'no value' : many(found, 'value')
  const searched = `Searched ${many(records, 'record')}: ${values} that these rules hide.`
  return unread === 0
    ? [searched]
    : [searched, `${many(unread, 'part')} could not be read or searched; "sallyport audit verify" says more.`]
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function partsOf({ envelope, stored: { parts } }: RecordedRecord): { part: string; text: string }[] {
  const bodies = (['request', 'response'] as const).flatMap((part) => {
    const bytes = parts[part]?.bytes
    return bytes === undefined ? [] : [{ part, text: decodeUtf8(bytes) }]
  })
  return [{ part: 'envelope', text: searchedEnvelope(envelope) }, ...bodies]
}

function printFinding(finding: Tried, { seq, part, json }: { seq: number; part: string; json: boolean }): void {
  const { entity, path = '', line, column, score, action, why } = finding
  const place = path === '' ? `${line}:${column}` : path
  if (json) printLine(stringifyJson({ seq, part, ...findingJson(finding) }))
  else printLine(safe(`#${seq} ${part} ${place}: ${entity} ${score.toFixed(2)} ${action} (${why})`))
}
