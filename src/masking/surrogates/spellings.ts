// A value that a URI spells otherwise (`ann%40shop.example`) has the stand-in that it has everywhere, with a mark behind it
// which says what to spell when it turns back: a server compares its URIs letter by letter.

/** Neither a letter of a stand-in nor anything that a URI has another spelling for (RFC 3986, 2.3). */
const MARK = /^~[1-9][0-9]?$/
const MARK_AT = /^~[1-9][0-9]?(?![0-9])/

export function markOf(nth: number): string {
  return `~${nth}`
}

export function isMark(text: string): boolean {
  return MARK.test(text)
}

/** The mark that a text begins with; empty where it begins with none. */
export function leadingMark(text: string): string {
  return MARK_AT.exec(text)?.[0] ?? ''
}

/** What a spelling spells: what is hidden where it is read, in whatever spelling. */
export function spelledValue(spelling: string): string {
  try {
    return decodeURIComponent(spelling)
  } catch {
    return spelling
  }
}
