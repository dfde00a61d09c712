/** Smaller messages are tried for so long, in milliseconds. */
const SHRINK_MS_MAX = 15_000

/** The smallest message that can be made by taking bytes away and still is what it is asked to be. */
export function shrunk(bytes: Uint8Array, is: (smaller: Uint8Array) => boolean): Uint8Array {
  let small = bytes
  const until = performance.now() + SHRINK_MS_MAX
  for (let size = small.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < small.length && performance.now() < until;) {
      const without = Uint8Array.from([...small.subarray(0, at), ...small.subarray(at + size)])
      if (without.length < small.length && without.length > 0 && is(without)) small = without
      else at += size
    }
  }
  return small
}
