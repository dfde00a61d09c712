// oxlint-disable no-underscore-dangle -- so the functions of the module are called
import makeModule, { type PgQuery } from 'libpg-query/wasm/libpg-query.js'
import { isObject, parseJson, type JsonObject } from '../../../base/json.ts'
import { costOf } from './costly.ts'

export const PARSER = 'libpg-query@18.1.5'

/** An instance begins with 128 MiB and only grows; one that a text made larger than this is replaced, to give it back. */
const INSTANCE_BYTES_MAX = 192 * 1024 * 1024

export type Parsed =
  | { readonly kind: 'tree'; readonly tree: JsonObject }
  | { readonly kind: 'refused'; readonly reason: string }

/** PostgreSQL's own parser, compiled to wasm. Synchronous; nothing here throws. */
export interface Engine {
  /** `{ stmts: [{ stmt, stmt_location, stmt_len }] }`, places in bytes. */
  parse(sql: string): Parsed
  /** The bodies of the DO blocks and functions of one text: `{ plpgsql_funcs: [...] }`. */
  parseBodies(sql: string): Parsed
  /** Of a text that parsed; empty where there is none. */
  fingerprint(sql: string): string
}

/**
 * Loads the parser. A text that overflows the stack leaves the instance it ran in with less of it, and after a few dozen
 * of them every text fails: so an instance is used until its first accident, and a spare one stands ready. While there is
 * none (some 20 ms after two accidents in a row) every text is refused.
 */
export async function loadEngine(): Promise<Engine> {
  const instances = new Instances(await instantiate())
  const guarded = (sql: string, work: (pg: PgQuery) => Parsed): Parsed => {
    const reason = costOf(sql, (text) => scanned(instances, text))
    return reason === undefined ? (instances.run(work) ?? BROKEN) : { kind: 'refused', reason }
  }
  return {
    parse: (sql) => guarded(sql, (pg) => parsed(pg, sql)),
    parseBodies: (sql) => guarded(sql, (pg) => asTree(called(pg, sql, '_wasm_parse_plpgsql'))),
    fingerprint: (sql) => instances.run((pg) => asFingerprint(called(pg, sql, '_wasm_fingerprint'))) ?? '',
  }
}

/** Tokens as the server's lexer cuts them; undefined where it cannot, and then no tree is made either. */
function scanned(instances: Instances, sql: string): JsonObject | undefined {
  const tokens = instances.run((pg) => asTree(called(pg, sql, '_wasm_scan')))
  return tokens?.kind === 'tree' ? tokens.tree : undefined
}

const BROKEN: Parsed = { kind: 'refused', reason: 'the parser gave up on the text' }

class Instances {
  #current: PgQuery | undefined
  #spare: PgQuery | undefined
  #isMaking = false

  constructor(first: PgQuery) {
    this.#current = first
    this.#makeSpare()
  }

  /** Undefined where there is no instance, or the text broke it. */
  run<T>(work: (pg: PgQuery) => T): T | undefined {
    const pg = this.#current ?? this.#takeSpare()
    if (pg === undefined) return undefined
    try {
      const result = work(pg)
      if (pg.HEAPU8.length > INSTANCE_BYTES_MAX && this.#spare !== undefined) this.#takeSpare()
      return result
    } catch {
      // Stack overflow, trap or exit inside the wasm: what it holds may be anything now.
      this.#takeSpare()
      return undefined
    }
  }

  #takeSpare(): PgQuery | undefined {
    this.#current = this.#spare
    this.#spare = undefined
    this.#makeSpare()
    return this.#current
  }

  #makeSpare(): void {
    if (this.#isMaking || this.#spare !== undefined) return
    this.#isMaking = true
    // Should it fail, the next text tries again, and is refused.
    void instantiate()
      .then((pg) => (this.#spare = pg))
      .catch(() => undefined)
      .finally(() => (this.#isMaking = false))
  }
}

/** What the parser prints when it runs out of memory is no line of ours. */
function instantiate(): Promise<PgQuery> {
  return makeModule({ print: silent, printErr: silent })
}

function silent(): undefined {
  return undefined
}

/** `PgQueryParseResult`: pointers to the tree, a buffer and an error, whose first field is its message. */
function parsed(pg: PgQuery, sql: string): Parsed {
  const query = copiedIn(pg, sql)
  const result = pg._wasm_parse_query_raw(query)
  const [tree, error] = [pg.getValue(result, 'i32'), pg.getValue(result + 8, 'i32')]
  const outcome: Parsed =
    error === 0
      ? asTree(pg.UTF8ToString(tree))
      : { kind: 'refused', reason: withoutText(pg.UTF8ToString(pg.getValue(error, 'i32'))) }
  pg._free(query)
  pg._wasm_free_parse_result(result)
  return outcome
}

function called(pg: PgQuery, sql: string, name: '_wasm_parse_plpgsql' | '_wasm_fingerprint' | '_wasm_scan'): string {
  const query = copiedIn(pg, sql)
  const result = pg[name](query)
  const text = pg.UTF8ToString(result)
  pg._free(query)
  pg._wasm_free_string(result)
  return text
}

function copiedIn(pg: PgQuery, sql: string): number {
  const bytes = pg.lengthBytesUTF8(sql) + 1
  const query = pg._malloc(bytes)
  if (query === 0) throw new Error('out of memory')
  pg.stringToUTF8(sql, query, bytes)
  return query
}

/** Anything that is not an object is a message of the parser. */
function asTree(text: string): Parsed {
  const tree = text.startsWith('{') ? parseJson(text) : undefined
  return isObject(tree) ? { kind: 'tree', tree } : { kind: 'refused', reason: withoutText(text) }
}

function asFingerprint(text: string): string {
  return /^[0-9a-f]{16}$/.test(text) ? text : ''
}

/** Messages quote what they stumbled over, which may be a secret of the caller's: `syntax error at or near "x"`. */
function withoutText(message: string): string {
  const at = message.search(/ at or near |["']/)
  const said = (at === -1 ? message : message.slice(0, at)).trim()
  return `PostgreSQL cannot parse the text: ${said === '' ? 'syntax error' : said}`
}
