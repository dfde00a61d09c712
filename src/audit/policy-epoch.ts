import { concat, encodeUtf8 } from '../base/bytes.ts'
import { ID_BYTES } from './entry.ts'
import { sha256 } from './hash.ts'

const DOMAIN = 'sallyport/epoch/v1\0'

/** What was in force: policy files as loaded, configuration without secrets, detector set. Each entry names it in 16 bytes (audit.md, 4.4). */
export function policyEpoch(inForce: { policy: Uint8Array; config: Uint8Array; detectors: Uint8Array }): Uint8Array {
  return policyEpochOf({ ...inForce, policySha256: sha256(inForce.policy) })
}

/** The same where the policy's files are known by their hash. */
export function policyEpochOf(inForce: {
  policySha256: Uint8Array
  config: Uint8Array
  detectors: Uint8Array
}): Uint8Array {
  const parts = [inForce.policySha256, sha256(inForce.config), sha256(inForce.detectors)]
  return sha256(concat([encodeUtf8(DOMAIN), ...parts])).slice(0, ID_BYTES)
}
