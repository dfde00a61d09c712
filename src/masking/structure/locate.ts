import { stringifyJson } from '../../base/json.ts'
import type { Structure } from './structure.ts'
import type { Token } from './tokens.ts'

/** A token and the document that it is of. */
export interface Located {
  readonly structure: Structure
  readonly token: Token
}

/**
 * The innermost token that covers all bytes from `start` up to, not including, `end`: of JSON in a string, the token there;
 * the string itself where they are between tokens of its document. Undefined where no token of the message covers them.
 */
export function locate(message: Structure, start: number, end = start + 1): Located | undefined {
  let place: Located | undefined
  let structure: Structure | undefined = message
  while (structure !== undefined) {
    const token: Token | undefined = structure.tokenAt(start)
    if (token === undefined || end > structure.end(token)) break
    place = { structure, token }
    structure = structure.inner(token)
  }
  return place
}

/**
 * Where a token stands, from the message down: `result.content[0].text#rows[3].card`, `#` for a step into JSON in a text.
 * Keys that are no plain words are in quotes: `rows[3]["a.b"]`. The message itself has the empty path. A key has its value's.
 */
export function pathOf({ structure, token }: Located): string {
  const steps: string[] = []
  let place: Located | undefined = { structure, token }
  while (place !== undefined) {
    const { structure: document, token: from }: Located = place
    for (let at = document.kind(from) === 'key' ? document.valueOf(from) : from; at > 0; at = document.parent(at))
      steps.push(stepOf(document, at))
    place = document.outer
    if (place !== undefined) steps.push('#')
  }
  return joined(steps.toReversed())
}

const PLAIN_KEY = /^[^.[\]#*"\\\s]+$/

function stepOf(structure: Structure, value: Token): string {
  const key = structure.keyOf(value)
  if (key < 0) return `[${structure.indexIn(value)}]`
  const text = structure.keyText(key)
  return PLAIN_KEY.test(text) ? text : `[${stringifyJson(text)}]`
}

function joined(steps: readonly string[]): string {
  let path = ''
  let isFirst = true
  for (const step of steps) {
    path += isFirst || step === '#' || step.startsWith('[') ? step : `.${step}`
    isFirst = step === '#'
  }
  return path
}
