import type { JsonObject } from '../base/json.ts'
import type { Facts } from '../facts/facts.ts'
import type { ConnectionFacts } from './rule.ts'

/** What is read in the arguments of a call. */
export interface Inspected {
  readonly facts: Facts
  readonly argBytes: number
  readonly secretsInArgs: number
  readonly hiddenChars: boolean
}

/** Reads the arguments of a call of a tool. Pure, and given from outside: parsers are loaded by whoever starts. */
export type Inspect = (connection: ConnectionFacts, tool: string, args: JsonObject) => Inspected
