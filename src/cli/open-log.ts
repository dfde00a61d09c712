import { policyEpochOf } from '../audit/policy-epoch.ts'
import { assert } from '../base/assert.ts'
import { encodeUtf8, fromHex } from '../base/bytes.ts'
import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import type { Policy } from '../policy/policy.ts'
import { openSegmentLog, type SegmentLog } from '../store/segments/segment-log.ts'
import { segmentKeys } from '../store/packs/segment-keys.ts'
import type { OperatorLog } from './operator-log.ts'

/** Opens the audit log of a configuration; recovers it first where it was not closed in good order. */
export async function openLog(
  config: Config,
  { log, master }: { readonly log: OperatorLog; readonly master: MasterKey },
  onFatal: () => void,
): Promise<SegmentLog> {
  const { dataFolder } = config
  const audit = await openSegmentLog({
    folder: dataFolder,
    keys: segmentKeys(dataFolder, { master, encrypt: config.audit.encryptSegments, now: clock.nowMicros() }),
    policyEpoch: epochOf(config, config.policy),
    segmentBytes: config.audit.segmentBytes,
    limits: {
      queueBytesMax: config.audit.queueBytes,
      syncDeadlineMs: config.audit.deadlineMs,
      heartbeatMs: config.audit.heartbeatMs,
      headMs: config.audit.headMs,
      sealAfterMs: config.audit.sealAfterMs,
    },
    onHeads: (trouble) => (trouble === undefined ? log.info('heads are signed again', {}) : log.error(trouble, {})),
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
export function epochOf(config: Config, policy: Policy): Uint8Array {
  const policySha256 = fromHex(policy.version)
  assert(policySha256 !== undefined, 'the version of a policy is a hash')
  // The policy is a part of its own, parsers are code, and of secrets the configuration holds only where they stand.
  const rest = { ...config, policy: undefined, policyFiles: undefined, policyWarnings: undefined, readers: undefined }
  return policyEpochOf({
    policySha256,
    config: encodeUtf8(JSON.stringify(rest, plain)),
    detectors: encodeUtf8('credential-echo/1'),
  })
}

function plain(_: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value
}
