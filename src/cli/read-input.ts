import { readFileSync } from 'node:fs'
import { decodeUtf8, isUtf8 } from '../base/bytes.ts'
import { parseJson, type JsonValue } from '../base/json.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** Text of a file that the command line names; `-` is standard input. */
export function readInput(file: string): string {
  const notice = waiting(file, process.stdin.isTTY)
  if (notice !== undefined) printError(notice)
  try {
    const bytes = readFileSync(file === '-' ? 0 : file)
    if (!isUtf8(bytes)) printError(`${nameOf(file)} is no UTF-8: each byte that is none is read as U+FFFD.`)
    return decodeUtf8(bytes)
  } catch {
    throw new UsageError(`${nameOf(file)} cannot be read.`)
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file
}

/** Said to whoever sits at a terminal where nothing would happen until they type. */
export function waiting(file: string, isTerminal: boolean): string | undefined {
  return file === '-' && isTerminal ? 'Reading standard input; Ctrl-D ends it.' : undefined
}

export function jsonFrom(text: string, where: string): JsonValue {
  try {
    return parseJson(text)
  } catch {
    throw new UsageError(`${where} is no JSON.`)
  }
}
