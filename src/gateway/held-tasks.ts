import type { Approval } from '../approval/approval.ts'
import type { HeldStatus, HeldTask, TaskOwner, TaskRows } from '../approval/held-task.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { isObject, parseJson, stringifyJson } from '../base/json.ts'
import type { SealedBox } from '../base/sealed-box.ts'
import { HOUR_MS } from '../base/units.ts'
import type { ClientHeaders } from '../downstream/headers.ts'
import type { ClientRequest } from '../protocol/message.ts'
import type { TaskAnswer } from '../protocol/tasks-extension.ts'
import type { Place } from './gateway.ts'
import type { TaskExchange } from './task-exchange.ts'

/** A call as it came, and the headers of the protocol's that came with it. */
export interface KeptCall {
  readonly bytes: Uint8Array
  readonly headers: ClientHeaders
}

/** A task whose call is on its way. */
export interface RunningTask {
  readonly exchange: TaskExchange
  readonly done: Promise<void>
}

export interface HeldTasksParts {
  readonly rows: TaskRows
  readonly seal: (text: Uint8Array, of: readonly string[]) => SealedBox
  readonly unseal: (box: SealedBox, of: readonly string[]) => Uint8Array | undefined
  readonly newId: () => string
  readonly nowMs: () => number
  readonly warn: (what: string, why: unknown) => void
}

/** An answer is there at least as long, so that a client that was away for a while finds it. */
const KEPT_MS = HOUR_MS
/** Of one person, answered ones included. Whoever has more waits in another way. */
const TASKS_MAX = 1_000
const OPEN: readonly HeldStatus[] = ['working', 'sent', 'input_required']

/** Calls that wait for approval as tasks. What they are and what they came to is sealed, each for its owner. */
export class HeldTasks {
  readonly #parts: HeldTasksParts
  readonly #running = new Map<string, RunningTask>()
  /** What could not be kept yet, for the store was away. */
  readonly #unkept = new Map<string, { readonly task: HeldTask; readonly answer: TaskAnswer }>()

  constructor(parts: HeldTasksParts) {
    this.#parts = parts
  }

  mayHold({ principal }: Place): boolean {
    return this.#parts.rows.countOf(principal.id) < TASKS_MAX
  }

  /** A task of whoever is at this place; nobody learns whether others have one of this id. */
  of(place: Place, id: string): HeldTask | undefined {
    const task = this.#parts.rows.get(id)
    if (task === undefined || task.endsMs <= this.#parts.nowMs()) return undefined
    const { principal, client, connection } = ownerOf(place)
    const { owner } = task
    return owner.principal === principal && owner.client === client && owner.connection === connection
      ? task
      : undefined
  }

  /** Durable when it returns. */
  begin(call: ClientRequest, approval: Approval, place: Place): HeldTask {
    const now = this.#parts.nowMs()
    const task: HeldTask = {
      id: this.#parts.newId(),
      owner: ownerOf(place),
      tool: call.target ?? '',
      approval: approval.id,
      status: 'working',
      round: 0,
      createdMs: now,
      updatedMs: now,
      endsMs: endOf(approval),
    }
    const box = this.#sealCall(task, { bytes: call.bytes, headers: protocolHeaders(place.headers) })
    this.#parts.rows.insert(task, box)
    return task
  }

  /** The same call needs another approval by now. */
  waitFor(id: string, approval: Approval): void {
    const change = { approval: approval.id, updatedMs: this.#parts.nowMs(), endsMs: endOf(approval) }
    this.#parts.rows.change(id, OPEN, change)
  }

  /** Undefined where it was sealed with another key, or for another owner. */
  call(task: HeldTask): KeptCall | undefined {
    const box = this.#parts.rows.call(task.id)
    const plain = box && this.#parts.unseal(box, callContext(task))
    const value = plain && parseJson(decodeUtf8(plain))
    if (!isObject(value) || typeof value['body'] !== 'string' || !isObject(value['headers'])) return undefined
    const headers: Record<string, string> = {}
    for (const [name, text] of Object.entries(value['headers'])) if (typeof text === 'string') headers[name] = text
    return { bytes: encodeUtf8(value['body']), headers }
  }

  answer(task: HeldTask): Uint8Array | undefined {
    const box = this.#parts.rows.answer(task.id)
    return box && this.#parts.unseal(box, answerContext(task))
  }

  /** Its call goes to the server now. Durable when it returns; false where its client took it back meanwhile. */
  noteSent(id: string): boolean {
    return this.#parts.rows.change(id, ['working'], { status: 'sent', updatedMs: this.#parts.nowMs() })
  }

  /** Whether its call was sent by a gateway that ended before it knew what came of it. */
  isLost({ id, status }: HeldTask): boolean {
    return status === 'sent' && !this.isBusy(id)
  }

  /** Keeps what it came to; what its client took back meanwhile stays as it is. Where the store is away, it is tried again. */
  settle(task: HeldTask, answer: TaskAnswer): void {
    this.#unkept.set(task.id, { task, answer })
    this.#tryToKeep(task, answer)
  }

  #tryToKeep(task: HeldTask, answer: TaskAnswer): void {
    try {
      this.#keep(task, answer)
      this.#unkept.delete(task.id)
    } catch (error) {
      this.#parts.warn('what a task came to could not be kept yet', error)
    }
  }

  #keep(task: HeldTask, { status, value }: TaskAnswer): void {
    const now = this.#parts.nowMs()
    this.#parts.rows.change(task.id, OPEN, {
      status,
      answer: this.#parts.seal(value, answerContext(task)),
      round: task.round + (status === 'input_required' ? 1 : 0),
      updatedMs: now,
      endsMs: Math.max(task.endsMs, now + KEPT_MS),
    })
  }

  /** Some of the input that the server asked for is there. */
  keepInput(task: HeldTask, value: Uint8Array): void {
    const change = { answer: this.#parts.seal(value, answerContext(task)), updatedMs: this.#parts.nowMs() }
    this.#parts.rows.change(task.id, ['input_required'], change)
  }

  /** The call goes on with the input that the server asked for; people are asked about it as about any other. */
  goOn(task: HeldTask, bytes: Uint8Array, headers: ClientHeaders): boolean {
    return this.#parts.rows.change(task.id, ['input_required'], {
      status: 'working',
      approval: null,
      call: this.#sealCall(task, { bytes, headers }),
      answer: null,
      updatedMs: this.#parts.nowMs(),
    })
  }

  /** False where it was over already. */
  cancel({ id }: HeldTask): boolean {
    return this.#parts.rows.change(id, OPEN, { status: 'cancelled', updatedMs: this.#parts.nowMs() })
  }

  /** Whether another call waits for what this one waits for. */
  isShared({ id, approval }: HeldTask): boolean {
    return approval !== undefined && this.#parts.rows.isShared(approval, id)
  }

  /** Whether its call is on its way, or what came of it is not kept yet. */
  isBusy(id: string): boolean {
    return this.#running.has(id) || this.#unkept.has(id)
  }

  running(id: string): RunningTask | undefined {
    return this.#running.get(id)
  }

  /** Holds it as running until `done`. */
  run(id: string, running: RunningTask): void {
    this.#running.set(id, running)
    void running.done.finally(() => {
      if (this.#running.get(id) === running) this.#running.delete(id)
    })
  }

  /** Forgets what is over for long, and keeps what could not be kept before. To be called now and then. */
  tick(): void {
    for (const { task, answer } of this.#unkept.values()) this.#tryToKeep(task, answer)
    this.#parts.rows.forget(this.#parts.nowMs())
  }

  /** Cuts what runs, and waits until that is on record. */
  async close(): Promise<void> {
    const running = [...this.#running.values()]
    for (const { exchange } of running) exchange.drop()
    await Promise.all(running.map(({ done }) => done))
  }

  #sealCall(task: HeldTask, { bytes, headers }: KeptCall): SealedBox {
    return this.#parts.seal(encodeUtf8(stringifyJson({ body: decodeUtf8(bytes), headers })), callContext(task))
  }
}

function ownerOf({ principal, connection }: Place): TaskOwner {
  return { principal: principal.id, client: principal.clientId ?? '', connection: connection.facts.name }
}

/** As long as it may be approved and then run, and its answer asked for. */
function endOf({ expiresMs, runWithinMs }: Approval): number {
  return expiresMs + runWithinMs + KEPT_MS
}

/** So that a row that was given another owner opens nothing. */
function callContext({ id, owner }: HeldTask): readonly string[] {
  return ['sallyport task call 1', id, owner.principal, owner.client, owner.connection]
}

function answerContext({ id, owner }: HeldTask): readonly string[] {
  return ['sallyport task answer 1', id, owner.principal, owner.client, owner.connection]
}

/** What mirrors the body of a request, or says how it is to be read. */
function protocolHeaders(headers: ClientHeaders): ClientHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isOfProtocol(name)))
}

/** The headers of whoever comes for a task, with those of its call in the place of those of the question. */
export function headersOfCall(asking: ClientHeaders, ofCall: ClientHeaders): ClientHeaders {
  const others = Object.entries(asking).filter(([name]) => !isOfProtocol(name))
  return { ...Object.fromEntries(others), ...ofCall }
}

function isOfProtocol(name: string): boolean {
  return name.startsWith('mcp-') || name === 'accept' || name === 'traceparent'
}
