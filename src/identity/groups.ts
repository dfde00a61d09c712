import type { JWTPayload } from 'jose'
import { type AuthRefusal, refuseToken } from './refusal.ts'

/**
 * The groups a token names, or why they cannot be trusted to be all. An absent claim means no groups: that is a fact
 * which policy can judge. A claim of another shape is refused, because guessing at it could grant or lose a right.
 */
export function groupsOf(claims: JWTPayload, path: readonly string[]): readonly string[] | AuthRefusal {
  const found = lookUp(claims, path)
  if (found === undefined) return hasOverage(claims, path) ? overage() : []
  if (typeof found === 'string') return found === '' ? wrongShape() : [found]
  if (!isStringList(found)) return wrongShape()
  return [...new Set(found)]
}

/** Own members only, so that a path never finds something that every object has. */
function lookUp(claims: JWTPayload, path: readonly string[]): unknown {
  let value: unknown = claims
  for (const part of path) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined
    value = value[part]
  }
  return value
}

/**
 * Entra leaves the claim out when somebody is in more than 200 groups, and points at Graph instead. Read as "no groups",
 * that would lift every rule that denies a group something.
 */
function hasOverage(claims: JWTPayload, path: readonly string[]): boolean {
  const name = path[0] ?? ''
  const names = claims['_claim_names']
  if (isRecord(names) && Object.hasOwn(names, name)) return true
  if (name === 'groups' && (claims['hasgroups'] === true || claims['hasgroups'] === 'true')) return true
  return Object.keys(claims).some((key) => key.startsWith(`${name}:src`))
}

function overage(): AuthRefusal {
  return refuseToken(
    'groups_overage',
    'The token leaves out the groups because there are too many; let the identity provider send only groups assigned to the application, or use application roles.',
  )
}

function wrongShape(): AuthRefusal {
  return refuseToken('malformed', 'The group claim of the token is neither a string nor a list of strings.')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')
}
