/** Which objects a scan notes the members of. Made once, used for every message. */
export interface JsonWatch {
  /** Names per level: `[['params'], ['_meta']]` notes the members of the root, of `params` and of `params._meta`. */
  readonly levels: readonly (readonly string[])[]
  readonly keys: KnownKeys
}

/** `keys` are those that are likely to come: reading them costs a comparison, not a new string. */
export function jsonWatch(levels: readonly (readonly string[])[], keys: readonly string[]): JsonWatch {
  return { levels, keys: new KnownKeys([...levels.flat(), ...keys]) }
}

/** ASCII keys by their length and ends. */
export class KnownKeys {
  readonly #byShape = new Map<number, readonly string[]>()

  constructor(keys: readonly string[]) {
    for (const key of keys) {
      const shape = shapeOf(key.length, key.charCodeAt(0), key.charCodeAt(key.length - 1))
      this.#byShape.set(shape, [...(this.#byShape.get(shape) ?? []), key])
    }
  }

  /** The known key that stands there, unescaped, or undefined. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (end <= start) return undefined
    const keys = this.#byShape.get(shapeOf(end - start, bytes[start] ?? 0, bytes[end - 1] ?? 0))
    return keys?.find((key) => isAt(bytes, start, key))
  }
}

function shapeOf(length: number, first: number, last: number): number {
  return (length * 256 + first) * 256 + last
}

function isAt(bytes: Uint8Array, start: number, key: string): boolean {
  let i = 0
  while (i < key.length && bytes[start + i] === key.charCodeAt(i)) i += 1
  return i === key.length
}

export const NO_WATCH: JsonWatch = jsonWatch([], [])
