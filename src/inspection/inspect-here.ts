import { stringifyJson } from '../base/json.ts'
import { once } from '../base/once.ts'
import { NO_FACTS } from '../facts/facts.ts'
import { findHiddenCharacters } from '../facts/hidden-characters.ts'
import { readFacts, type SqlReaders } from '../facts/read-facts.ts'
import type { FindSensitive, Inspect } from '../policy/inspect.ts'

/** Reads in this thread, without a deadline: for tests of policies, explanations and the command line. */
export function inspectHere(readers: SqlReaders, findSensitive: FindSensitive): Inspect {
  return ({ name, inspection }, tool, args) => {
    const text = stringifyJson(args)
    return {
      argBytes: new TextEncoder().encode(text).byteLength,
      sensitive: once(() => findSensitive(text, { connection: name, tool })),
      hiddenChars: findHiddenCharacters(text),
      facts: inspection === undefined ? NO_FACTS : readFacts({ inspection, tool, args }, readers),
    }
  }
}
