import type { GlobTest } from '../base/name-glob.ts'
import { uriGlob } from './glob.ts'

/**
 * Every text that a server may take a URI for: decoded, normalised, with repeated slashes joined. A rule is held
 * against all of them, or `file:///data/%2e%2e/etc/passwd` would pass as something under `file:///data/`.
 */
export type Readings =
  | { readonly kind: 'readings'; readonly raw: string; readonly texts: readonly string[] }
  /** It has dot segments, backslashes, control characters or broken escapes: nobody can say what it names. */
  | { readonly kind: 'ambiguous'; readonly raw: string }

/** Percent-encoding inside percent-encoding more often than this is an attack. */
const DECODE_ROUNDS_MAX = 3

/** A longer name or URI is not looked at: no allow rule fits it, every deny rule does. */
export const TARGET_CHARS_MAX = 8192

export function readUri(raw: string): Readings {
  if (raw.length > TARGET_CHARS_MAX) return { kind: 'ambiguous', raw }
  const decoded = decodeFully(raw)
  if (decoded === undefined) return { kind: 'ambiguous', raw }
  const texts = new Set([decoded])
  for (const form of [raw, decoded]) {
    // What a server with the parser of the WHATWG makes of it: default ports, upper-case schemes, file://localhost.
    const normal = URL.parse(form)?.href
    const text = normal === undefined ? decoded : decodeFully(normal)
    if (text === undefined) return { kind: 'ambiguous', raw }
    texts.add(text)
  }
  return [...texts].some(isAmbiguous) ? { kind: 'ambiguous', raw } : { kind: 'readings', raw, texts: [...texts] }
}

/** A glob on resources, in the two ways that rules need it. */
export interface UriTest {
  /** Certainly inside: every reading fits. For what allows. */
  readonly surely: (uri: Readings) => boolean
  /** Possibly inside: some reading fits, whatever the case of its letters. For what denies. */
  readonly possibly: (uri: Readings) => boolean
}

export function uriTest(glob: string): UriTest {
  const plain = decodeFully(glob) ?? glob
  const exact = uriGlob(plain)
  const joined = uriGlob(joinSlashes(plain))
  const lower = [uriGlob(plain.toLowerCase()), uriGlob(joinSlashes(plain).toLowerCase())]
  return {
    surely: (uri) =>
      uri.raw === glob ||
      (uri.kind === 'readings' && uri.texts.every((text) => exact(text) && joined(joinSlashes(text)))),
    possibly: (uri) => uri.kind === 'ambiguous' || uri.texts.some((text) => fitsAny(lower, text.toLowerCase())),
  }
}

function fitsAny(tests: readonly GlobTest[], text: string): boolean {
  return tests.some((test) => test(text) || test(joinSlashes(text)))
}

function decodeFully(text: string): string | undefined {
  let current = text
  for (let round = 0; round < DECODE_ROUNDS_MAX; round++) {
    if (!current.includes('%')) return current
    const next = decodeOnce(current)
    if (next === undefined || next === current) return next
    current = next
  }
  return current.includes('%') ? undefined : current
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function joinSlashes(text: string): string {
  return text.replaceAll(/\/{2,}/g, '/')
}

function isAmbiguous(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- parsers drop control characters: "fi\nle:" is "file:" to some of them
  return /[\\\u0000-\u001f\u007f]/.test(text) || /(^|[/:])\.{1,2}([/?#]|$)/.test(text)
}
