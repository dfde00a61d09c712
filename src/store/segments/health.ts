import type { EntryKind } from '../../audit/entry.ts'
import type { AuditLog } from '../../audit/log.ts'

export type State = AuditLog['state']

/** What finishes a call that was begun: while there is no room for new calls, these still go into what is left. */
const FINISHES: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'outcome',
  'part',
  'session.end',
  // These make room.
  'expired',
  'dropped',
  'pruned',
  'tombstone.done',
  'retention.run',
])

/** What stands in the way of recording; each has a sentence for people where it is set. */
interface Troubles {
  closed: string | undefined
  /** There is no writer. */
  down: State | undefined
  /** The disk does not answer. */
  stalled: string | undefined
  /** No further segment can be made. */
  noRoom: string | undefined
  /** What is kept may not grow any more. */
  capped: string | undefined
  pressed: boolean
}

/** The state of the log, put together from all that can be wrong with it; the worst is what shows. */
export class Health {
  readonly #listeners = new Set<(state: State) => void>()
  #troubles: Troubles = {
    closed: undefined,
    down: undefined,
    stalled: undefined,
    noRoom: undefined,
    capped: undefined,
    pressed: false,
  }
  #state: State = { kind: 'ready' }

  get state(): State {
    return this.#state
  }
  get pressed(): boolean {
    return this.#troubles.pressed
  }

  onState(listener: (state: State) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(change: Partial<Troubles>): void {
    this.#troubles = { ...this.#troubles, ...change }
    const before = this.#state
    this.#state = worst(this.#troubles)
    if (before.kind === this.#state.kind && before.why === this.#state.why) return
    for (const listener of this.#listeners) listener(this.#state)
  }

  /** Why a record of this kind cannot be taken now; undefined if it can. */
  refusal(kind: EntryKind): string | undefined {
    const { kind: state, why } = this.#state
    if (state === 'ready' || state === 'pressed') return undefined
    const finishes = state === 'no_room' && this.#troubles.down === undefined && FINISHES.has(kind)
    return finishes ? undefined : (why ?? `The audit log is ${state}.`)
  }
}

function worst({ capped, closed, down, noRoom, pressed, stalled }: Troubles): State {
  if (closed !== undefined) return { kind: 'closed', why: closed }
  if (down !== undefined) return down
  if (stalled !== undefined) return { kind: 'broken', why: stalled }
  if (noRoom !== undefined) return { kind: 'no_room', why: noRoom }
  if (capped !== undefined) return { kind: 'no_room', why: capped }
  if (pressed) return { kind: 'pressed', why: 'The disk of the audit log is slower than the calls that come in.' }
  return { kind: 'ready' }
}
