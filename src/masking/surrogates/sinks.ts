import { nameGlob } from '../../base/name-glob.ts'
import type { Sink } from '../connection-masking.ts'
import { compilePath, type PathPattern } from '../structure/paths.ts'
import { characterTest, maySpell, maySpellOwn } from './inside-text.ts'
import { plainUri } from './plain-uri.ts'

/** An argument, or a field of a form, where surrogates turn back into values. */
export interface CompiledSink {
  /** `undefined`: not a call of a tool. */
  readonly isFor: (tool: string | undefined) => boolean
  readonly path: PathPattern
  /** Whether a value may stand inside a longer text; undefined where it may only be the whole of it. */
  readonly within: ((value: string) => boolean) | undefined
  /** It takes names of what the server itself has. An address in the web is somebody else's, who would be told the value. */
  readonly isOwn?: boolean
  /** Only in what is filled into a form that is known. */
  readonly isForm?: boolean
}

/** Schemes by which a server would ask somebody else. */
const WEB = /\b(?:https?|wss?|ftps?):/i

/** Whether a URI is one that somebody else may be asked by, or holds such a one, however that is spelled. */
export function isOfWeb(uri: string): boolean {
  return WEB.test(plainUri(uri))
}

/** Whether a value may stand in a place of a text of this sink. */
export function takesInside(
  { isOwn = false }: CompiledSink,
  place: { text: string; start: number; end: number },
  value: string,
): boolean {
  return isOwn ? !isOfWeb(place.text) && maySpellOwn(place.text, place, value) : maySpell(place.text, place, value)
}

/** Where the arguments of a tool are in a message. */
const ARGUMENTS = 'params.arguments'
/** Where answers to forms are (2025-11-25: a reply to `elicitation/create`; 2026-07-28: with the call that is made again). */
const FILLED_IN = ['result.content', 'params.inputResponses.*.content']
/** Values in URIs of resources: nothing that ends or leaves a part of one, unless it is spelled in percent signs. */
const IN_RESOURCE = /^(?:[A-Za-z0-9@._+-]|[\p{L}\p{M}\p{N}]|%[0-9A-Fa-f]{2})+$/u
/** To read it, to hear of it (2025-11-25 and 2026-07-28), and to have arguments of its template completed. */
const RESOURCES = ['params.uri', 'params.notifications.resourceSubscriptions[*]', 'params.ref.uri']

/** The sinks of a connection. What cannot be read is no sink: the configuration has refused it before. */
export function compileSinks(sinks: readonly Sink[]): readonly CompiledSink[] {
  return sinks.flatMap(({ tool, argument, field = '', within }) => {
    const fits = nameGlob(tool)
    const isFor = (name: string | undefined) => name !== undefined && fits(name)
    const isForm = argument === undefined
    const test = within === undefined ? undefined : characterTest(within)
    return (isForm ? FILLED_IN : [ARGUMENTS]).flatMap((begin) => {
      const whole = pathBelow(begin, argument ?? field, { isExact: true })
      return whole === undefined ? [] : [{ isFor, path: whole, within: test, isForm }]
    })
  })
}

/** URIs of the upstream's own resources: it gets back what it said. */
export function resourceSinks(): readonly CompiledSink[] {
  return RESOURCES.map((at) => {
    const path = compilePath(at, { isExact: true })
    if ('mistake' in path) throw new TypeError(path.mistake)
    return { isFor: (tool) => tool === undefined, path, within: (value) => IN_RESOURCE.test(value), isOwn: true }
  })
}

/**
 * A path inside the arguments of a tool as one inside the message; undefined where it is none. `isExact`: it lets something
 * through, so it means no more than it says.
 */
export function argumentPath(argument: string, how: { isExact: boolean }): PathPattern | undefined {
  return pathBelow(ARGUMENTS, argument, how)
}

function pathBelow(begin: string, further: string, { isExact }: { isExact: boolean }): PathPattern | undefined {
  // `*.x` is short for `**.x` where a path begins.
  const rest = further.startsWith('*.') ? `*${further}` : further
  const path = compilePath(`${begin}${rest.startsWith('[') ? '' : '.'}${rest}`, { isExact })
  return 'mistake' in path ? undefined : path
}
