import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseCheckpoints } from '../audit/checkpoint.ts'
import { SIGNATURE_TYPE, writeVerifierKey } from '../audit/note-key.ts'
import { judgeHead } from '../audit/trusted-head.ts'
import type { TrustPolicy } from '../audit/trust-policy.ts'
import { clock } from '../base/clock.ts'
import { SECOND_MS } from '../base/units.ts'
import { keysOf } from '../store/segments/note-keys.ts'
import { findLogOfLogs } from '../store/segments/stream.ts'

/** The newest head that a quorum has cosigned, and how long ago. */
export interface LastWitnessed {
  readonly size: number
  readonly secondsAgo: number
  /** Names in the policy. */
  readonly by: readonly string[]
  /** As many as the policy names. */
  readonly of: number
}

/** Undefined where no quorum has cosigned any head yet. */
export function lastWitnessed(dataFolder: string, policy: TrustPolicy): LastWitnessed | undefined {
  const found = findLogOfLogs(dataFolder)
  if (found === undefined) return undefined
  const file = textOf(join(dirname(found.folder), 'witnessed'))
  // The log need not stand in the policy of the gateway itself: it knows its own key.
  const logs = keysOf(dataFolder, found.origin).map((key) => ({ key, url: undefined }))
  for (const { head } of parseCheckpoints(file).heads.toReversed()) {
    const verdict = head && judgeHead(head, { ...policy, logs: [...policy.logs, ...logs] })
    if (head === undefined || verdict === undefined || !verdict.signed || !verdict.quorum) continue
    const newest = Math.max(...verdict.cosigned.map(({ seconds }) => seconds))
    const secondsAgo = Math.max(0, Math.round(clock.nowMs() / SECOND_MS) - newest)
    const by = verdict.cosigned.map(({ witness }) => witness)
    return { size: head.size, secondsAgo, by, of: policy.witnesses.length }
  }
  return undefined
}

export function sayWitnessed(last: LastWitnessed | undefined): string {
  if (last === undefined) return 'Not witnessed yet.'
  const { by, of, secondsAgo, size } = last
  return `Last witnessed ${secondsAgo} s ago, by ${by.length} of ${of} (${by.join(', ')}), with ${size} records.`
}

/** A trust policy with this log in it, to add witnesses to; undefined where there is no log of logs yet. */
export function ownPolicy(dataFolder: string): string | undefined {
  const found = findLogOfLogs(dataFolder)
  if (found === undefined) return undefined
  const key = keysOf(dataFolder, found.origin).findLast(({ type }) => type === SIGNATURE_TYPE.ed25519)
  return key && `log ${writeVerifierKey(key)}\nquorum none`
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Nobody has cosigned anything yet.
    return ''
  }
}
