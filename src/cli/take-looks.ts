import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isEntryTime, lookOf, type SeenLook } from '../gateway/look-records.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { isObject, parseJson } from '../base/json.ts'
import { LOOKS, TAKEN } from './look.ts'
import type { OperatorLog } from './operator-log.ts'

/** A look says a few words. */
const LOOK_BYTES_MAX = 16 * 1024
/** In one round; the others wait for the next. */
const LOOKS_MAX = 100

/** Records the looks of commands at this gateway's log. */
export class Looks {
  readonly #folder: string
  readonly #log: OperatorLog
  #busy = false

  constructor(dataFolder: string, log: OperatorLog) {
    this.#folder = join(dataFolder, LOOKS)
    this.#log = log
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    writeFileSync(join(this.#folder, TAKEN), '', { mode: 0o600 })
  }

  /** A look is removed once its record is durable: after a crash it may be recorded twice, and never not at all. */
  async take(gateway: Gateway): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      for (const name of this.#names()) {
        const path = join(this.#folder, name)
        const look = readLook(path)
        if (look === undefined) this.#log.warn('a file among the looks is none, and is removed', { name })
        else await gateway.audit.append(lookOf(look, gateway))
        rmSync(path, { force: true })
      }
    } finally {
      this.#busy = false
    }
  }

  [Symbol.dispose](): void {
    rmSync(join(this.#folder, TAKEN), { force: true })
  }

  #names(): readonly string[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .slice(0, LOOKS_MAX)
  }
}

function readLook(path: string): SeenLook | undefined {
  try {
    if (statSync(path).size > LOOK_BYTES_MAX) return undefined
    const look = parseJson(readFileSync(path))
    if (!isObject(look) || look['v'] !== 1) return undefined
    const { at, kind, view } = look
    if ((kind !== 'replay.viewed' && kind !== 'export' && kind !== 'view') || !isEntryTime(at) || !isObject(view))
      return undefined
    return { kind, at, view }
  } catch {
    return undefined
  }
}
