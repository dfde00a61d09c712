import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'

/**
 * Input schemas of tools as last listed, by caller's rights: headers that mirror arguments can only be checked against a
 * schema that was seen (protocol.md, 4.3).
 */
export class ParamSchemas {
  readonly #max: number
  readonly #schemas = new Map<string, JsonObject>()

  constructor(max: number) {
    this.#max = max
  }

  /** Keeps the schemas of one page of tools/list. */
  learn(result: JsonObject): void {
    const { tools } = result
    if (!Array.isArray(tools)) return
    for (const tool of tools) this.#keep(tool)
  }

  of(tool: string): JsonObject | undefined {
    return this.#schemas.get(tool)
  }

  #keep(tool: JsonValue): void {
    if (!isObject(tool) || typeof tool['name'] !== 'string' || !isObject(tool['inputSchema'])) return
    if (this.#schemas.size >= this.#max && !this.#schemas.has(tool['name'])) return
    this.#schemas.set(tool['name'], tool['inputSchema'])
  }
}
