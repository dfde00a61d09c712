import type { GlobTest } from '../../base/name-glob.ts'
import { uriGlob } from '../glob.ts'

/** As many states as fit into the bits of one small integer. */
const SYMBOLS_MAX = 30
const SLASH = 47

/**
 * A glob on a path: `*` is any text inside of a segment, `**` any text. The same answers as `uriGlob`, at a few
 * nanoseconds per character: the states of the automaton are the bits of one number.
 */
export function pathGlob(glob: string): GlobTest {
  const parts = glob.match(/\*+|[^*]/gs) ?? []
  // With stars at the end only, comparing the beginning is faster still.
  if (parts.length > SYMBOLS_MAX || /^[^*]*\**$/.test(glob)) return uriGlob(glob)
  const literals = new Map<number, number>()
  let inside = 0
  let across = 0
  for (const [i, part] of parts.entries()) {
    const bit = 1 << i
    if (part === '*') inside |= bit
    else if (part.startsWith('**')) across |= bit
    else literals.set(part.charCodeAt(0), (literals.get(part.charCodeAt(0)) ?? 0) | bit)
  }
  const accept = 1 << parts.length
  return (text) => {
    let states = withNothing(1, inside | across)
    for (let i = 0; i < text.length && states !== 0; i++) {
      const code = text.charCodeAt(i)
      const staying = states & (code === SLASH ? across : inside | across)
      states = withNothing(staying | ((states & (literals.get(code) ?? 0)) << 1), inside | across)
    }
    return (states & accept) !== 0
  }
}

/** A star may stand for nothing; two of them never follow each other. */
function withNothing(states: number, stars: number): number {
  return states | ((states & stars) << 1)
}
