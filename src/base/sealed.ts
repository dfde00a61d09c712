import { inspect } from 'node:util'

/**
 * A value that must not be read by accident. Logs, JSON and templates show its
 * label instead; reading it takes a call that a reviewer can search for.
 */
export abstract class Sealed<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  /** Name of what is inside, never the value: "[unmasked]", "[secret]". */
  abstract get label(): string

  static open<T>(sealed: Sealed<T>): T {
    return sealed.#value
  }
  toString(): string {
    return this.label
  }
  toJSON(): string {
    return this.label
  }
  [inspect.custom](): string {
    return this.label
  }
}
