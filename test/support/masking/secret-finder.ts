import { ENTITY_NAMES, entityId } from '../../../src/masking/entities.ts'
import type { Finding } from '../../../src/masking/find/finding.ts'
import { scanView } from '../../../src/masking/find/scan-view.ts'
import { buildScanner } from '../../../src/masking/find/scanner.ts'
import { SECRET_DETECTORS } from '../../../src/masking/secrets/detectors.ts'
import { BY_DEFAULT } from './values.ts'

export type FindSecrets = (text: string, options?: { readonly raw: boolean }) => readonly Finding[]

/** Finds secrets by their words, prefixes and structure alone: no keys, no decoding. Offsets are bytes. */
export function secretFinder(): FindSecrets {
  const scanner = buildScanner({
    detectors: SECRET_DETECTORS,
    context: {},
    deny: [],
    decodeTriggers: [],
    pathWords: [],
    binaryWords: [],
    ownEntities: [],
  })
  const thresholds = new Float64Array(ENTITY_NAMES.length).fill(Infinity)
  for (const name of ['secret', 'password', 'private_key', 'jwt', 'pin'] as const)
    thresholds[entityId(name)] = BY_DEFAULT
  return (text, { raw } = { raw: false }) =>
    scanView({ bytes: new TextEncoder().encode(text), raw }, { scanner, thresholds, keepsAll: false }, () => undefined)
      .findings
}

/** The texts that were found, in order of place, each once. For texts of ASCII. */
export function textsOf(text: string, found: readonly Finding[]): string[] {
  const sorted = found.toSorted((a, b) => a.start - b.start || b.end - a.end)
  return [...new Set(sorted.map(({ start, end }) => text.slice(start, end)))]
}
