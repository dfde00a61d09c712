import { concat, encodeUtf8 } from '../base/bytes.ts'
import { ID_BYTES } from './entry.ts'
import { sha256 } from './hash.ts'

const DOMAIN = 'sallyport/epoch/v1\0'

/** What was in force: policy files as loaded, configuration without secrets, detector set. Each entry names it in 16 bytes (audit.md, 4.4). */
export function policyEpoch(inForce: { policy: Uint8Array; config: Uint8Array; detectors: Uint8Array }): Uint8Array {
  const parts = [inForce.policy, inForce.config, inForce.detectors].map(sha256)
  return sha256(concat([encodeUtf8(DOMAIN), ...parts])).slice(0, ID_BYTES)
}
