import { readFileSync } from 'node:fs'
import { policyEpoch } from '../audit/policy-epoch.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import type { Config } from '../config/config.ts'
import { openSegmentLog, type SegmentLog } from '../store/segments/segment-log.ts'
import type { OperatorLog } from './operator-log.ts'

/** Opens the audit log of a configuration; recovers it first where it was not closed in good order. */
export async function openLog(config: Config, log: OperatorLog, onFatal: () => void): Promise<SegmentLog> {
  const audit = await openSegmentLog({
    folder: config.dataFolder,
    policyEpoch: epochOf(config),
    segmentBytes: config.audit.segmentBytes,
    limits: { queueBytesMax: config.audit.queueBytes, syncDeadlineMs: config.audit.deadlineMs },
    onFatal,
  })
  audit.onState(({ kind, why }) => {
    if (kind === 'closed') return
    if (kind === 'ready') log.info('the audit log is written again', {})
    else log.error(`the audit log is ${kind}`, { why })
  })
  return audit
}

/** Names the policy, the configuration without secrets and the detectors under which records are made (audit.md, 4.4). */
function epochOf(config: Config): Uint8Array {
  return policyEpoch({
    policy: readFileSync(config.policyFile),
    // The policy is a part of its own, and of secrets the configuration holds only where they stand.
    config: encodeUtf8(JSON.stringify({ ...config, policy: undefined })),
    detectors: encodeUtf8('credential-echo/1'),
  })
}
