import type { JsonObject } from '../base/json.ts'
import { type Masked, narrow } from '../masking/masked.ts'
import type { About } from '../policy/decide.ts'
import { mayBeVisible, visible } from '../policy/visible.ts'
import { addToList, filterList, knownVersionsOnly, privateCache } from '../protocol/filter-list.ts'
import type { Method } from '../protocol/methods.ts'
import { addTasks } from '../protocol/tasks-extension.ts'
import { wantsPeople } from '../policy/access.ts'
import { circumstancesOf } from './circumstances.ts'
import type { CallRef } from '../session/session.ts'
import type { Gateway, Place } from './gateway.ts'
import { ownTools } from './own-tools.ts'

/** Leaves out of a list what the caller could not use anyway, by the same decision that a use would get. */
export function lessen(
  masked: Masked<Uint8Array>,
  call: CallRef,
  place: Place,
  gateway: Gateway,
): { body: Masked<Uint8Array>; leftOut: number } {
  let leftOut = 0
  const body = narrow(masked, (bytes) => {
    if (call.method === 'server/discover') return discovered(bytes, place)
    // Whether a resource may be read depends on who reads it, so no shared cache may keep it either.
    if (call.method === 'resources/read' && call.era === 'modern') return privateCache(bytes)
    const keep = keeperOf(call, place, gateway)
    if (keep === undefined) return bytes
    const filtered = filterList(bytes, call.method, keep)
    leftOut = filtered.leftOut
    const listed =
      call.method === 'tools/list' ? addToList(filtered.bytes, call.method, ownTools(place, gateway)) : filtered.bytes
    // Another caller may get another list, so no shared cache may keep this one (protocol.md, 6.5).
    return call.era === 'modern' ? privateCache(listed) : listed
  })
  return { body, leftOut }
}

/** Where calls may wait for approval, they may do so as tasks, and clients look here for that (SEP-2663, Capability Negotiation). */
function discovered(bytes: Uint8Array, { policy, connection }: Place): Uint8Array {
  const known = privateCache(knownVersionsOnly(bytes))
  return wantsPeople(policy, connection.facts) ? addTasks(known) : known
}

const NO_ARGUMENTS: JsonObject = {}

type Keep = (key: string, item: JsonObject) => boolean

/** What using an entry of a list would be about, where policy knows. */
const ABOUT_ENTRY: Readonly<Partial<Record<Method, (key: string) => About>>> = {
  'tools/list': (name) => ({ kind: 'tool', name }),
  'prompts/list': (name) => ({ kind: 'prompt', name }),
  'resources/list': (uri) => ({ kind: 'resource', uri }),
}

function keeperOf({ method }: CallRef, place: Place, gateway: Gateway): Keep | undefined {
  const { policy, principal, connection } = place
  const circumstances = circumstancesOf({ method, args: () => NO_ARGUMENTS }, place, gateway)
  const asked = { policy, who: principal, connection: connection.facts, circumstances }
  const about = ABOUT_ENTRY[method]
  if (about !== undefined) return (key) => visible({ ...asked, about: about(key) })
  if (method === 'resources/templates/list') return (uriTemplate) => mayBeVisible({ ...asked, uriTemplate })
  if (method === 'tasks/list')
    return (id) => gateway.tasks.ownerOf(connection.facts.name, id)?.principal === principal.id
  return undefined
}
