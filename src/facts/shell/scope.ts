// Values of variables while a script is walked in the order in which it would run. A value is only kept where it is
// certain; anything conditional, repeated or changed elsewhere becomes unknown.
import { DIGITS, UNKNOWN } from './marks.ts'

/** Variables whose values are followed; every branch costs a copy of them. */
const VARIABLES_MAX = 64
/** Characters of a value; a path or a line of options is shorter. */
const VALUE_CHARACTERS_MAX = 4_096

/** A text with marks, or the elements of an array. */
export type Value = string | readonly string[]

export class Scope {
  readonly #values: Map<string, Value>
  /** Names that something may change behind the script's back: a function that runs later, a trap, `readonly`. */
  readonly #volatile: Set<string>
  #isOpaque: boolean
  /** Functions are defined, so a well-known name may be none. */
  hasFunctions = false
  /** Functions that are defined for certain. */
  readonly functions = new Set<string>()
  /** Functions whose body is being judged: one that calls itself may never end. */
  readonly open = new Set<string>()
  /** Secrets of the environment that the present command uses; emptied with each command. */
  readonly secrets = new Set<string>()

  constructor(values = new Map<string, Value>(), volatile = new Set<string>(), isOpaque = false) {
    this.#values = values
    this.#volatile = volatile
    this.#isOpaque = isOpaque
  }

  /** Undefined where this script did not set it: it comes from the environment. */
  get(name: string): Value | undefined {
    if (this.#isOpaque || this.#volatile.has(name)) return UNKNOWN
    return this.#values.get(name)
  }

  set(name: string, value: Value): void {
    if (this.#isOpaque) return
    // A value that doubles with each step, and more names than anybody uses, are not followed.
    const isLong = (typeof value === 'string' ? value : value.join(' ')).length > VALUE_CHARACTERS_MAX
    this.#values.set(name, isLong ? UNKNOWN : value)
    if (this.#values.size > VARIABLES_MAX) this.makeOpaque()
  }

  /** From here on nobody can say what it holds. */
  forget(names: Iterable<string>): void {
    for (const name of names) this.set(name, UNKNOWN)
  }

  pin(names: Iterable<string>): void {
    for (const name of names) this.#volatile.add(name)
  }

  /** Code that cannot be seen has run: every variable may have any value. */
  makeOpaque(): void {
    this.#isOpaque = true
    this.#values.clear()
  }

  /** A copy: what a subshell or a branch changes is not seen outside. */
  fork(): Scope {
    const copy = new Scope(new Map(this.#values), this.#volatile, this.#isOpaque)
    copy.hasFunctions = this.hasFunctions
    for (const name of this.functions) copy.functions.add(name)
    for (const name of this.open) copy.open.add(name)
    return copy
  }

  /** What is known after one of several ways was taken. */
  join(others: readonly Scope[]): void {
    for (const other of others) {
      if (other.hasFunctions) this.hasFunctions = true
      for (const name of this.functions) if (!other.functions.has(name)) this.functions.delete(name)
      if (other.#isOpaque) this.makeOpaque()
      if (this.#isOpaque) continue
      for (const name of new Set([...this.#values.keys(), ...other.#values.keys()])) {
        this.#values.set(name, joined(this.#values.get(name), other.#values.get(name)))
      }
    }
  }

  /** Takes over the state of a fork that certainly ran. */
  become(other: Scope): void {
    this.#values.clear()
    for (const [name, value] of other.#values) this.#values.set(name, value)
    this.#isOpaque = other.#isOpaque
    this.hasFunctions = other.hasFunctions
    this.functions.clear()
    for (const name of other.functions) this.functions.add(name)
  }

  /** For the body of a function: it runs later, and then its variables have any values. */
  bodyScope(): Scope {
    const body = this.fork()
    body.#values.clear()
    for (const name of this.#values.keys()) body.#values.set(name, UNKNOWN)
    return body
  }
}

function joined(one: Value | undefined, other: Value | undefined): Value {
  if (one !== undefined && one === other) return one
  if (isNumber(one) && isNumber(other)) return DIGITS
  return UNKNOWN
}

/** Whole digits, or the mark for them. */
export function isNumber(value: Value | undefined): boolean {
  return typeof value === 'string' && /^[\d\x05]+$/.test(value) // oxlint-disable-line no-control-regex -- a mark
}
