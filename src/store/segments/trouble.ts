import { GatewayError } from '../../base/assert.ts'
import type { LogState } from '../../audit/log.ts'
import type { Trouble } from './writer-messages.ts'

/** What to do about a writer that ended, and what to tell people. */
export interface Diagnosis {
  /** `wait`: passes when the cause does, so it is tried for ever. `count`: ends the process when it happens again and again. `fatal`: ends it now. */
  readonly kind: 'wait' | 'count' | 'fatal'
  readonly state: Extract<LogState, 'no_room' | 'broken' | 'behind'>
  readonly why: string
}

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const NOT_WRITABLE = new Set(['EROFS', 'EACCES', 'EPERM'])
const DAMAGED = new Set(['segment_damaged', 'segment_missing', 'log_lost', 'tile_missing'])
const CONTRADICTED = new Set(['behind', 'head_conflict'])

export function diagnose({ code, message }: Trouble, folder: string): Diagnosis {
  if (FULL.has(code))
    return {
      kind: 'wait',
      state: 'no_room',
      why: `The disk of the audit log is full (${folder}). Make room; calls go on by themselves then.`,
    }
  if (NOT_WRITABLE.has(code))
    return {
      kind: 'wait',
      state: 'broken',
      why: `The folder of the audit log cannot be written (${code}, ${folder}). Make it writable; calls go on by themselves then.`,
    }
  if (DAMAGED.has(code))
    return {
      kind: 'fatal',
      state: 'broken',
      why: `The audit log is damaged: ${message}. Bring the file back from a backup; nothing is recorded over it.`,
    }
  // Said in a whole sentence where it was found: a key that is missing.
  if (code === 'log_unavailable') return { kind: 'fatal', state: 'broken', why: message }
  if (CONTRADICTED.has(code))
    return {
      kind: 'fatal',
      state: 'behind',
      why: `The audit log does not go on from what it signed: ${message}. Bring the missing files back from a backup; or, if they are lost, begin a new log that says so: sallyport audit reopen.`,
    }
  return {
    kind: 'count',
    state: 'broken',
    why: `The audit log could not be written (${code}: ${message}). A new writer is being started.`,
  }
}

export function unavailable(why: string, cause?: unknown): GatewayError {
  return new GatewayError('log_unavailable', why, { cause })
}
