import type { JsonObject } from '../base/json.ts'
import { type Masked, narrow } from '../masking/masked.ts'
import { mayBeVisible } from '../policy/visible.ts'
import { filterList, knownVersionsOnly, privateCache } from '../protocol/filter-list.ts'
import type { CallRef } from '../session/session.ts'
import type { Gateway, Place } from './gateway.ts'
import { ask } from './judge.ts'

/** Leaves out of a list what the caller could not use anyway, by the same decision that a use would get. */
export function lessen(
  masked: Masked<Uint8Array>,
  call: CallRef,
  place: Place,
  gateway: Gateway,
): { body: Masked<Uint8Array>; leftOut: number } {
  let leftOut = 0
  const body = narrow(masked, (bytes) => {
    if (call.method === 'server/discover') return privateCache(knownVersionsOnly(bytes))
    const keep = keeperOf(call, place, gateway)
    if (keep === undefined) return bytes
    const filtered = filterList(bytes, call.method, keep)
    leftOut = filtered.leftOut
    // Another caller may get another list, so no shared cache may keep this one (protocol.md, 6.5).
    return call.era === 'modern' ? privateCache(filtered.bytes) : filtered.bytes
  })
  return { body, leftOut }
}

type Keep = (key: string, item: JsonObject) => boolean

function keeperOf(call: CallRef, place: Place, gateway: Gateway): Keep | undefined {
  switch (call.method) {
    case 'tools/list':
      return (name) => ask({ kind: 'tool', name }, place).kind === 'allow'
    case 'prompts/list':
      return (name) => ask({ kind: 'prompt', name }, place).kind === 'allow'
    case 'resources/list':
      return (uri) => ask({ kind: 'resource', uri }, place).kind === 'allow'
    case 'resources/templates/list':
      return (uriTemplate) =>
        mayBeVisible({ policy: place.policy, who: place.principal, connection: place.connection.facts, uriTemplate })
    case 'tasks/list':
      return (id) => gateway.tasks.ownerOf(place.connection.facts.name, id)?.principal === place.principal.id
    default:
      return undefined
  }
}
