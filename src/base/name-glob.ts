/** Answers whether a text fits. Never slower than length of text × length of glob; no backtracking. */
export type GlobTest = (text: string) => boolean

/** A glob on a name: `*` is any text, for a name has no segments. */
export function nameGlob(glob: string): GlobTest {
  const pieces = glob.split(/\*+/)
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return (text) => text === glob
  const least = first.length + last.length
  return (text) =>
    text.length >= least &&
    text.startsWith(first) &&
    text.endsWith(last) &&
    inOrder(rest, text, first.length, text.length - last.length)
}

function inOrder(pieces: readonly string[], text: string, from: number, to: number): boolean {
  let at = from
  for (const piece of pieces) {
    const found = text.indexOf(piece, at)
    if (found < 0 || found + piece.length > to) return false
    at = found + piece.length
  }
  return true
}
