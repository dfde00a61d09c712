import type { PrincipalId } from '../base/ids.ts'
import { isObject, type JsonObject } from '../base/json.ts'

/** Who made a task, and by which tool: what a later question about it is judged by (protocol.md, 5.7 and 6.8). */
export interface TaskOwner {
  readonly principal: PrincipalId
  readonly tool: string
}

/** Tasks that passed through here. A task id is a capability, so only its maker may use it; forgotten ones are nobody's. */
export class Tasks {
  readonly #max: number
  readonly #owners = new Map<string, TaskOwner>()
  readonly #makers = new Set<string>()

  constructor(max: number) {
    this.#max = max
  }

  remember(connection: string, taskId: string, owner: TaskOwner): void {
    this.#owners.set(keyOf(connection, taskId), owner)
    if (this.#owners.size <= this.#max) return
    const [oldest] = this.#owners.keys()
    if (oldest !== undefined) this.#owners.delete(oldest)
  }

  /** Whether the server says by itself that it makes tasks, or did so (SEP-2663). */
  noteMaker(connection: string, makes: boolean): void {
    if (makes) this.#makers.add(connection)
    else this.#makers.delete(connection)
  }

  areMadeBy(connection: string): boolean {
    return this.#makers.has(connection)
  }

  ownerOf(connection: string, taskId: string): TaskOwner | undefined {
    return this.#owners.get(keyOf(connection, taskId))
  }
}

function keyOf(connection: string, taskId: string): string {
  return `${connection}\0${taskId}`
}

/** Id of the task that a result of tools/call announces: flat in the modern era, nested in 2025-11-25. */
export function taskOf(result: JsonObject): string | undefined {
  const nested = result['task']
  const { taskId } = isObject(nested) ? nested : result
  return typeof taskId === 'string' ? taskId : undefined
}
