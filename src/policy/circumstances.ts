import type { JsonObject } from '../base/json.ts'
import { NO_FACTS, type Facts } from '../facts/facts.ts'
import { NOTHING_SENSITIVE, type Sensitive } from '../masking/sensitive.ts'

/** The caller, as far as policy looks. `groups` are raw values of the identity provider's claim. */
export interface Who {
  readonly subject: string
  readonly groups: readonly string[]
  readonly issuer?: string | undefined
  readonly email?: string | undefined
  /** All claims of the access token. */
  readonly claims?: JsonObject | undefined
  /** Authentication methods (RFC 8176), such as `pwd`, `mfa`, `hwk`. */
  readonly amr?: readonly string[] | undefined
}

/** What the server says of a tool; the first is ours. */
export interface ToolFacts {
  /** Of name, description, input schema and annotations in canonical form; empty where the tool was not listed yet. */
  readonly hash: string
  /** It is not what it was when this gateway saw it first. */
  readonly changed: boolean
  /** Untrusted: the server's own words. */
  readonly annotations: JsonObject
}

export interface SessionFacts {
  readonly ageSeconds: number
  /** Requests carried before this one. */
  readonly calls: number
  readonly taints: readonly string[]
}

/** Everything about one call that a condition can look at, beyond who, where and what. Values are made when they are asked for. */
export interface Circumstances {
  readonly atMs: number
  readonly method: string
  readonly address: string
  readonly client: { readonly id: string; readonly name: string; readonly version: string }
  readonly session: SessionFacts
  readonly tool: ToolFacts
  /** `params.arguments` of a tool call, all params of anything else. */
  readonly args: JsonObject
  readonly argBytes: number
  /** Secrets and personal data in the arguments, looked for once and only if asked; undefined where that would cost too much. */
  readonly sensitive: () => Sensitive | undefined
  /** Zero-width, bidi or other hidden characters in the arguments. */
  readonly hiddenChars: boolean
  readonly facts: Facts
}

/** Of a call without arguments, of nobody in particular. */
export const NO_CIRCUMSTANCES: Circumstances = Object.freeze({
  atMs: 0,
  method: '',
  address: '',
  client: { id: '', name: '', version: '' },
  session: { ageSeconds: 0, calls: 0, taints: [] },
  tool: { hash: '', changed: false, annotations: {} },
  args: {},
  argBytes: 0,
  sensitive: () => NOTHING_SENSITIVE,
  hiddenChars: false,
  facts: NO_FACTS,
})
