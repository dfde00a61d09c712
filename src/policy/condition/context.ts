import type { Circumstances, Who } from '../circumstances.ts'
import type { Labels } from '../rule.ts'
import { toCel } from './json-values.ts'
import { Run } from './run.ts'
import { CLASSES } from './values.ts'

export interface ConditionAsked {
  readonly who: Who
  /** Readable names. */
  readonly groups: ReadonlySet<string>
  readonly connection: { readonly name: string; readonly labels: Labels }
  readonly about:
    | { readonly kind: 'tool' | 'prompt'; readonly name: string }
    | { readonly kind: 'resource'; readonly uri: string }
    | { readonly kind: 'connection' }
  readonly circumstances: Circumstances
}

type Made = { -readonly [Name in keyof typeof CLASSES]?: InstanceType<(typeof CLASSES)[Name]> }

/** What conditions see of one call. Each root is made when a condition names it, once for all conditions. */
export class ConditionContext {
  readonly our__run: Run
  readonly #asked: ConditionAsked
  readonly #made: Made = {}
  #args: unknown
  #now: Date | undefined

  constructor(asked: ConditionAsked, timezone: string) {
    this.our__run = new Run(timezone)
    this.#asked = asked
  }
  /** Stand in every loop, put there at load; the names cannot be written in a condition. */
  get our__turn(): boolean {
    return this.our__run.turn(false)
  }
  get our__heavy_turn(): boolean {
    return this.our__run.turn(true)
  }
  get identity(): unknown {
    return (this.#made.identity ??= new CLASSES.identity(this.#asked.who, this.#asked.groups))
  }
  get client(): unknown {
    return (this.#made.client ??= new CLASSES.client(this.#asked.circumstances.client))
  }
  get address(): string {
    return this.#asked.circumstances.address
  }
  get connection(): unknown {
    return (this.#made.connection ??= new CLASSES.connection(this.#asked.connection))
  }
  get session(): unknown {
    return (this.#made.session ??= new CLASSES.session(this.#asked.circumstances.session))
  }
  get call(): unknown {
    return (this.#made.call ??= new CLASSES.call(this.#asked))
  }
  get args(): unknown {
    return (this.#args ??= toCel(this.#asked.circumstances.args))
  }
  get now(): Date {
    return (this.#now ??= new Date(this.#asked.circumstances.atMs))
  }
  get sql(): unknown {
    return (this.#made.sql ??= new CLASSES.sql(this.#asked.circumstances.facts.sql))
  }
  get shell(): unknown {
    return (this.#made.shell ??= new CLASSES.shell(this.#asked.circumstances.facts.shell))
  }
  get http(): unknown {
    return (this.#made.http ??= new CLASSES.http(this.#asked.circumstances.facts.http))
  }
  get mongo(): unknown {
    return (this.#made.mongo ??= new CLASSES.mongo(this.#asked.circumstances.facts.mongo))
  }
  get k8s(): unknown {
    return (this.#made.k8s ??= new CLASSES.k8s(this.#asked.circumstances.facts.k8s))
  }
  get cloud(): unknown {
    return (this.#made.cloud ??= new CLASSES.cloud(this.#asked.circumstances.facts.cloud))
  }
}
