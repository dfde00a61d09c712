import type { JsonObject } from '../base/json.ts'
import { stringifyJson } from '../base/json.ts'
import { NO_FACTS } from '../facts/facts.ts'
import { readFacts, type SqlReaders } from '../facts/read-facts.ts'
import { countSecrets, findHiddenCharacters } from '../facts/secrets/secrets.ts'
import type { Inspect, Inspected } from '../policy/inspect.ts'

/** Reads in this thread, without a deadline: for tests of policies, explanations and the command line. */
export function inspectHere(readers: SqlReaders): Inspect {
  return ({ inspection }, tool, args) => ({
    ...argumentFacts(args),
    facts: inspection === undefined ? NO_FACTS : readFacts({ inspection, tool, args }, readers),
  })
}

/** What is known of arguments without a parser. */
export function argumentFacts(args: JsonObject): Omit<Inspected, 'facts'> {
  const text = stringifyJson(args)
  return {
    argBytes: new TextEncoder().encode(text).byteLength,
    secretsInArgs: countSecrets(text),
    hiddenChars: findHiddenCharacters(text),
  }
}
