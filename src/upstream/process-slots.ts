import { GatewayError } from '../base/assert.ts'

/** How many processes of MCP servers may run at the same moment, of all connections together. */
export class ProcessSlots {
  readonly #processesMax: number
  #taken = 0

  constructor(processesMax: number) {
    this.#processesMax = processesMax
  }

  /** Returns what gives the place back, once. Throws `upstream_busy`. */
  take(): () => void {
    if (this.#taken >= this.#processesMax)
      throw new GatewayError(
        'upstream_busy',
        'Too many MCP servers are running on this gateway. Try again when a session has ended.',
      )
    this.#taken += 1
    let given = false
    return () => {
      if (!given) this.#taken -= 1
      given = true
    }
  }
}
