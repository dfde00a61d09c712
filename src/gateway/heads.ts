import { type EnvelopeHead, writeHead } from '../recording/envelope.ts'
import type { Session } from '../session/session.ts'
import type { Place } from './gateway.ts'
import { actorOf } from './note.ts'

interface Kept {
  readonly head: EnvelopeHead
  readonly principal: Place['principal']
  readonly client: Session['client']
  readonly address: string
  readonly agent: string | undefined
}

/** What the records of a session begin with: who calls, and on which connection. Made once, and anew when any of it changes. */
export class Heads {
  readonly #kept = new WeakMap<Session, Kept>()

  of(place: Place): EnvelopeHead {
    const { session, principal, address, headers } = place
    const { client } = session
    const agent = headers['user-agent']
    const kept = this.#kept.get(session)
    if (kept?.principal === principal && kept.client === client && kept.address === address && kept.agent === agent)
      return kept.head
    const head = writeHead(actorOf(place, client), connectionOf(place.connection))
    this.#kept.set(session, { head, principal, client, address, agent })
    return head
  }
}

export function connectionOf({ facts, type }: Place['connection']) {
  return { name: facts.name, type, labels: facts.labels }
}
