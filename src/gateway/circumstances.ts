import { isObject, parseJson, stringifyJson, type JsonObject } from '../base/json.ts'
import { once } from '../base/once.ts'
import { NO_FACTS, type Facts } from '../facts/facts.ts'
import { findHiddenCharacters } from '../facts/hidden-characters.ts'
import type { Circumstances, SessionFacts, ToolFacts } from '../policy/circumstances.ts'
import type { Passage } from '../protocol/message.ts'
import { argumentsOf } from '../protocol/methods.ts'
import type { Gateway, Place } from './gateway.ts'

/** What of a message conditions may look at. */
export interface Spoken {
  readonly method: string
  /** Name of the tool, where it is a call of one. */
  readonly tool?: string | undefined
  /** `params.arguments` of a call of a tool or prompt, all params of anything else. */
  readonly args: () => JsonObject
  readonly facts?: Facts | undefined
}

const NOTHING: JsonObject = {}

/** What a client's message says. */
export function spokenOf(passage: Passage, facts: Facts): Spoken {
  switch (passage.kind) {
    case 'request': {
      const { method, target } = passage
      const tool = method === 'tools/call' ? target : undefined
      return { method, tool, facts, args: () => argumentsOf(method, passage.params) }
    }
    case 'notification':
      return { method: passage.method, args: () => passage.params }
    case 'answer':
      return { method: '(answer)', args: () => resultOf(passage.bytes) }
    case 'listen':
      return { method: '(stream)', args: () => NOTHING }
    case 'end':
      return { method: '(end)', args: () => NOTHING }
  }
}

/** What the client's user or model answered; its error where it failed. */
function resultOf(bytes: Uint8Array): JsonObject {
  const message = parseJson(bytes)
  const said = isObject(message) ? (message['result'] ?? message['error']) : undefined
  return isObject(said) ? said : NOTHING
}

/** The circumstances of one message. What costs something is made when a condition asks for it, and once. */
export function circumstancesOf(spoken: Spoken, place: Place, gateway: Gateway): Circumstances {
  return new MessageCircumstances(spoken, place, gateway.now.ms())
}

class MessageCircumstances implements Circumstances {
  readonly #spoken: Spoken
  readonly #place: Place
  readonly atMs: number
  #text: string | undefined
  #args: JsonObject | undefined

  constructor(spoken: Spoken, place: Place, atMs: number) {
    this.#spoken = spoken
    this.#place = place
    this.atMs = atMs
  }
  get method(): string {
    return this.#spoken.method
  }
  get address(): string {
    return this.#place.address
  }
  get client(): Circumstances['client'] {
    const { principal, session } = this.#place
    return {
      id: principal.clientId ?? '',
      name: session.client?.name ?? '',
      version: session.client?.version ?? '',
    }
  }
  get session(): SessionFacts {
    const { startedMs, calls } = this.#place.session
    return { ageSeconds: Math.max(0, Math.floor((this.atMs - startedMs) / 1000)), calls, taints: NO_TAINTS }
  }
  get tool(): ToolFacts {
    const { tool } = this.#spoken
    return (tool === undefined ? undefined : this.#place.connection.tools.factsOf(tool)) ?? NO_TOOL
  }
  get args(): JsonObject {
    return (this.#args ??= this.#spoken.args())
  }
  get argBytes(): number {
    return new TextEncoder().encode(this.#argText).byteLength
  }
  // A property, for it is handed on without its object.
  readonly sensitive = once(() => this.#place.connection.masker.sensitiveIn(this.#argText, this.#spoken.tool))
  get hiddenChars(): boolean {
    return findHiddenCharacters(this.#argText)
  }
  get facts(): Facts {
    return this.#spoken.facts ?? NO_FACTS
  }
  get #argText(): string {
    return (this.#text ??= stringifyJson(this.args))
  }
}

const NO_TAINTS: readonly string[] = []
const NO_TOOL: ToolFacts = { hash: '', changed: false, annotations: {} }
