import { readFileSync } from 'node:fs'
import { parseJson, type JsonValue } from '../base/json.ts'
import { UsageError } from './usage.ts'

/** Text of a file that the command line names; `-` is standard input. */
export function readInput(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    throw new UsageError(`${file === '-' ? 'Standard input' : file} cannot be read.`)
  }
}

export function jsonFrom(text: string, where: string): JsonValue {
  try {
    return parseJson(text)
  } catch {
    throw new UsageError(`${where} is no JSON.`)
  }
}
