import { GatewayError } from '../base/assert.ts'
import type { ClientMessage, ClientRequest } from '../protocol/message.ts'
import { accepted } from './http-answer.ts'
import type { Launcher } from './launcher.ts'
import { ModernProcess } from './modern-process.ts'
import type { Outgoing, UpstreamReply } from './upstream.ts'

// A caller with more calls than this waiting for an id to come free has clients that do not count.
const WAITING_MAX = 64

/** Processes of the modern era, apart for each caller: what a server keeps in memory is never another one's. */
export class ModernCallers {
  readonly #launcher: Launcher
  readonly #processes = new Map<string, ModernProcess[]>()
  readonly #waiting = new Map<string, number>()

  constructor(launcher: Launcher) {
    this.#launcher = launcher
  }

  async send(passage: ClientMessage, outgoing: Outgoing): Promise<UpstreamReply> {
    if (passage.kind === 'request') return this.#request(passage, outgoing)
    // The core defines none over HTTP; one that comes concerns a process that runs, if any.
    const [process] = this.#processes.get(outgoing.link.caller) ?? []
    await process?.write(outgoing)
    return accepted()
  }

  async #request(request: ClientRequest, outgoing: Outgoing): Promise<UpstreamReply> {
    const gone = new Gone()
    outgoing.onAbort(() => gone.now())
    const { caller } = outgoing.link
    for (;;) {
      const process = this.#freeFor(request, caller)
      if (process !== undefined)
        return process.start(request, { ...outgoing, onAbort: (abort) => gone.aborts(abort) }).reply
      await this.#wait(request, caller)
      gone.check()
    }
  }

  /**
   * Ids are never renumbered (protocol.md, 3.1), yet two windows of one person both count from 0. A call waits for the id
   * where that is soon free, and gets another process where it is not: a listener keeps its id for days.
   */
  #freeFor(request: ClientRequest, caller: string): ModernProcess | undefined {
    const processes = this.#processes.get(caller) ?? []
    const free = processes.find((process) => process.conflict(request) === undefined)
    if (free !== undefined) return free
    if (processes.some((process) => process.conflict(request)?.endless === false)) return undefined
    const process = new ModernProcess(this.#launcher, (ended) => this.#remove(ended, caller))
    this.#processes.set(caller, [...processes, process])
    return process
  }

  async #wait(request: ClientRequest, caller: string): Promise<void> {
    const waiting = this.#waiting.get(caller) ?? 0
    if (waiting >= WAITING_MAX) throw new GatewayError('upstream_busy', 'Too many calls with the same id are waiting.')
    const inTheWay = (this.#processes.get(caller) ?? []).flatMap((process) => process.conflict(request) ?? [])
    this.#waiting.set(caller, waiting + 1)
    try {
      await Promise.race(inTheWay.filter((call) => !call.endless).map((call) => call.idFree))
    } finally {
      const left = (this.#waiting.get(caller) ?? 1) - 1
      if (left === 0) this.#waiting.delete(caller)
      else this.#waiting.set(caller, left)
    }
  }

  #remove(process: ModernProcess, caller: string): void {
    const left = (this.#processes.get(caller) ?? []).filter((one) => one !== process)
    if (left.length === 0) this.#processes.delete(caller)
    else this.#processes.set(caller, left)
  }
}

/** Remembers that the client is gone until there is something to abort. */
class Gone {
  #isGone = false
  #abort: (() => void) | undefined

  now(): void {
    this.#isGone = true
    this.#abort?.()
  }

  aborts(abort: () => void): void {
    this.#abort = abort
    if (this.#isGone) abort()
  }

  check(): void {
    if (this.#isGone) throw new GatewayError('client_gone', 'The client is gone.')
  }
}
