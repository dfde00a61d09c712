import type { JsonObject } from '../base/json.ts'
import type { Facts } from '../facts/facts.ts'
import type { Sensitive } from '../masking/sensitive.ts'
import type { ConnectionFacts } from './rule.ts'

/** What is read in the arguments of a call. */
export interface Inspected {
  readonly facts: Facts
  readonly argBytes: number
  /** As in the circumstances of a call. */
  readonly sensitive: () => Sensitive | undefined
  readonly hiddenChars: boolean
}

/** Reads the arguments of a call of a tool. Pure, and given from outside: parsers are loaded by whoever starts. */
export type Inspect = (connection: ConnectionFacts, tool: string, args: JsonObject) => Inspected

/** Looks for secrets and personal data in arguments, given as a JSON text; undefined where that would cost too much. */
export type FindSensitive = (
  args: string,
  at: { readonly connection: string; readonly tool: string | undefined },
) => Sensitive | undefined
