import type { Span } from './decoded-view.ts'

const BASIS = 0x811c9dc5
export const FNV_PRIME = 0x01000193
/** 2^32 divided by the golden ratio: to multiply with it spreads neighbours widely (Knuth, 6.4). */
export const GOLDEN = 0x9e3779b1

/** FNV-1a of a part of some bytes, 32 bits with the higher ones mixed into the lowest, which choose a slot. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = BASIS
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME)
  return hash ^ (hash >>> 15)
}

/** Whether bytes from a place on are those of a span, of these or of other bytes. */
export function isSameAt(bytes: Uint8Array, at: number, others: Uint8Array, { start, end }: Span): boolean {
  for (let i = start; i < end; i++) if (bytes[at + i - start] !== others[i]) return false
  return true
}
