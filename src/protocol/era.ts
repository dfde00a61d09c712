// Which era a message belongs to, and whether the envelope of a modern one is whole (protocol.md, 2.4 and 6.1). The
// body decides; the version header is a cross-check and never moves a message from one era to the other.
import { stringAt } from '../base/json.ts'
import { findMember, type JsonMember } from '../base/json-scan.ts'
import { CODES } from './errors.ts'
import { trimHeader } from './header-value.ts'
import type { Era, IdText, Revision, WireFault } from './message.ts'
import { asRevision, MODERN_REVISION } from './methods.ts'
import { headerMismatch } from './wire-fault.ts'

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities'
// A date, or a name such as DRAFT-2026-v1. The header goes upstream, so its text is bounded.
const VERSION = /^[\w.-]{1,40}$/

export interface Dated {
  readonly kind: 'dated'
  readonly era: Era
  readonly revision: Revision | undefined
}

/** What the question looks at. */
export interface Undated {
  readonly bytes: Uint8Array
  /** Undefined for a notification. */
  readonly id: IdText | undefined
  readonly method: string
  /** Members of `params._meta`. */
  readonly meta: readonly JsonMember[] | undefined
  /** `MCP-Protocol-Version`. */
  readonly header: string | undefined
}

/** A request or notification; the answers of clients are legacy without asking. */
export function dateMessage(message: Undated): Dated | WireFault {
  const header = message.header === undefined ? undefined : trimHeader(message.header)
  if (header !== undefined && !VERSION.test(header))
    return versionFault('The header MCP-Protocol-Version is not the name of a version.', header, message.id)
  const claim = claimOf(message)
  if (message.method === 'initialize' && !isWholeClaim(claim, message)) return dateInitialize(header, message.id)
  if (claim === undefined) return dateUnclaimed(header, message)
  if (claim === null) return envelopeFault([VERSION_KEY], message.id)
  return message.id === undefined ? dateClaimedNotification(claim, header) : dateClaimedRequest(claim, header, message)
}

/** The handshake is legacy by definition, unless a whole modern envelope says otherwise: then it is an unknown method. */
function dateInitialize(header: string | undefined, id: IdText | undefined): Dated | WireFault {
  return header !== undefined && isModern(header)
    ? headerMismatch('The header MCP-Protocol-Version names a revision that has no initialize.', id)
    : { kind: 'dated', era: 'legacy', revision: asRevision(header) }
}

function dateUnclaimed(header: string | undefined, { id, meta }: Undated): Dated | WireFault {
  if (header === undefined || !isModern(header)) return { kind: 'dated', era: 'legacy', revision: asRevision(header) }
  if (id === undefined) return datedAs(header, id)
  return envelopeFault(
    [VERSION_KEY, CAPABILITIES_KEY].filter((key) => findMember(meta, key) === undefined),
    id,
  )
}

function dateClaimedRequest(claim: string, header: string | undefined, message: Undated): Dated | WireFault {
  if (isModern(claim) && !hasCapabilities(message)) return envelopeFault([CAPABILITIES_KEY], message.id)
  if (header === undefined && isModern(claim))
    return headerMismatch('The header MCP-Protocol-Version is missing. Send it with the version of _meta.', message.id)
  if (header !== undefined && header !== claim)
    return headerMismatch('The header MCP-Protocol-Version differs from the version in _meta.', message.id)
  return datedAs(claim, message.id)
}

function dateClaimedNotification(claim: string, header: string | undefined): Dated | WireFault {
  if (header !== undefined && header !== claim)
    return headerMismatch('The header MCP-Protocol-Version differs from the version in _meta.', undefined)
  return datedAs(claim, undefined)
}

function datedAs(version: string, id: IdText | undefined): Dated | WireFault {
  const revision = asRevision(version)
  if (revision === undefined) return versionFault('This protocol version is not supported.', version, id)
  return { kind: 'dated', era: isModern(revision) ? 'modern' : 'legacy', revision }
}

/** The version that the body names, or null for a malformed one. */
function claimOf({ bytes, meta }: Undated): string | null | undefined {
  const member = findMember(meta, VERSION_KEY)
  if (member === undefined) return undefined
  const claim = stringAt(bytes, member)
  return claim !== undefined && VERSION.test(claim) ? claim : null
}

function isWholeClaim(claim: string | null | undefined, message: Undated): boolean {
  return typeof claim === 'string' && isModern(claim) && hasCapabilities(message)
}

function hasCapabilities({ bytes, meta }: Undated): boolean {
  const member = findMember(meta, CAPABILITIES_KEY)
  return member !== undefined && bytes[member.start] === 0x7b
}

/** Versions are dates, so they compare as texts; a version of the future is modern, and then unsupported. */
function isModern(version: string): boolean {
  return version >= MODERN_REVISION
}

function envelopeFault(missing: readonly string[], id: IdText | undefined): WireFault {
  return {
    kind: 'fault',
    reason: 'envelope',
    status: 400,
    code: CODES.invalidParams,
    message: `params._meta lacks or has malformed: ${missing.join(', ')}.`,
    id,
    data: { envelope: { missing } },
  }
}

function versionFault(message: string, requested: string, id: IdText | undefined): WireFault {
  const data = VERSION.test(requested) ? { supported: [MODERN_REVISION], requested } : { supported: [MODERN_REVISION] }
  return { kind: 'fault', reason: 'version', status: 400, code: CODES.unsupportedVersion, message, id, data }
}
