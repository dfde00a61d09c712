import { ID_BYTES } from './entry.ts'

/** Random bytes of the last part of a name: made when a stream is opened, never re-used (audit.md, 4.3). */
export const INCARNATION_BYTES = 10
export const DEPLOYMENT_BYTES = ID_BYTES

/** `<deployment>/<node>/<incarnation>`: 26, 26 and 16 characters. Opaque, because witnesses see it. */
export type Origin = `${string}/${string}/${string}`

export function originOf(ids: { deployment: Uint8Array; node: Uint8Array; incarnation: Uint8Array }): Origin {
  return `${base32(ids.deployment)}/${base32(ids.node)}/${base32(ids.incarnation)}`
}

export function isOrigin(text: string): text is Origin {
  return /^[a-z2-7]{26}\/(?:[a-z2-7]{26}|all)\/[a-z2-7]{16}$/.test(text)
}

/** Name of the log that commits the heads of all streams of the deployment that this one belongs to (audit.md, 7.5). */
export function logOfLogsOf(origin: Origin, incarnation: Uint8Array): Origin {
  return `${deploymentOf(origin)}/all/${base32(incarnation)}`
}

export function isLogOfLogs(origin: Origin): boolean {
  return origin.split('/')[1] === 'all'
}

export function deploymentOf(origin: Origin): string {
  return origin.slice(0, origin.indexOf('/'))
}

export function incarnationOf(origin: Origin): string {
  return origin.slice(origin.lastIndexOf('/') + 1)
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 section 6, lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let pending = 0
  let bits = 0
  for (const byte of bytes) {
    pending = (pending << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((pending >>> (bits - 5)) & 31)
    pending &= 31
  }
  return bits === 0 ? text : text + ALPHABET.charAt((pending << (5 - bits)) & 31)
}
