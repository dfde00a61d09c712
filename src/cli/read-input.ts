import { readFileSync } from 'node:fs'
import { parseJson, type JsonValue } from '../base/json.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** Text of a file that the command line names; `-` is standard input. */
export function readInput(file: string): string {
  const notice = waiting(file, process.stdin.isTTY)
  if (notice !== undefined) printError(notice)
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    throw new UsageError(`${file === '-' ? 'Standard input' : file} cannot be read.`)
  }
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
