import { sha256 } from '../audit/hash.ts'
import { encodeUtf8, toHex } from '../base/bytes.ts'
import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import type { ToolFacts } from '../policy/circumstances.ts'
import { sortedText } from '../recording/sorted-json.ts'

/** What the server said of a tool when it last listed it. */
interface KnownTool {
  readonly schema: JsonObject
  readonly output: JsonObject | undefined
  readonly facts: ToolFacts
}

export interface NewTool {
  readonly name: string
  readonly tool: JsonObject
}

/**
 * Tools as last listed, by caller's rights: headers that mirror arguments can only be checked against a schema that was
 * seen (protocol.md, 4.3), and conditions look at a tool's definition. A server that has changed it is told by the hash.
 */
export class KnownTools {
  readonly #max: number
  readonly #pins: ToolPins
  readonly #tools = new Map<string, KnownTool>()

  constructor(max: number, pins: ToolPins) {
    this.#max = max
    this.#pins = pins
  }

  /** Keeps one page of tools/list. Returns the tools that were not known or are not what they were. */
  learn(result: JsonObject): NewTool[] {
    const { tools } = result
    if (!Array.isArray(tools)) return []
    return tools.flatMap((tool: JsonValue) => {
      if (!isObject(tool) || typeof tool['name'] !== 'string') return []
      return this.#keep(tool['name'], tool) ? [{ name: tool['name'], tool }] : []
    })
  }

  schemaOf(tool: string): JsonObject | undefined {
    return this.#tools.get(tool)?.schema
  }

  /** What its structured results look like, where it says so. */
  outputSchemaOf(tool: string): JsonObject | undefined {
    return this.#tools.get(tool)?.output
  }

  factsOf(tool: string): ToolFacts | undefined {
    return this.#tools.get(tool)?.facts
  }

  /** Hash of its definition: as last listed, or else as it was first seen, before the gateway started. */
  definitionOf(tool: string): string | undefined {
    return this.#tools.get(tool)?.facts.hash ?? this.#pins.find(tool)
  }

  #keep(name: string, tool: JsonObject): boolean {
    const { description, inputSchema, outputSchema, annotations } = tool
    if (!isObject(inputSchema)) return false
    const before = this.#tools.get(name)
    if (before === undefined && this.#tools.size >= this.#max) return false
    const definition = sortedText([name, description ?? null, inputSchema, annotations ?? null])
    const hash = toHex(sha256(encodeUtf8(definition)))
    const output = isObject(outputSchema) ? outputSchema : undefined
    // The pin does not speak of results, so their schema may change without it.
    if (before?.facts.hash === hash) {
      this.#tools.set(name, { ...before, output })
      return false
    }
    const changed = this.#pins.first(name, hash) !== hash
    const facts = { hash, changed, annotations: isObject(annotations) ? annotations : {} }
    this.#tools.set(name, { schema: inputSchema, output, facts })
    return true
  }
}

/** Remembers across restarts what each tool was when it was first seen. */
export interface ToolPins {
  /** The hash that was kept for the tool; keeps this one where there is none. */
  first(tool: string, hash: string): string
  /** The hash that was kept for the tool. */
  find(tool: string): string | undefined
}
