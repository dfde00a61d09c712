import { decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts'
import { ENTITY_NAMES } from '../../../src/masking/entities.ts'
import type { Finding, Sink } from '../../../src/masking/find/finding.ts'
import { buildScanner, type Scanner } from '../../../src/masking/find/scanner.ts'
import { keyDetectors } from '../../../src/masking/keys/detectors.ts'

export interface NamedValue {
  readonly entity: string
  readonly value: string
  readonly finding: Finding
}

/** Finds values by their names only, in JSON as it is received or in text whose escapes are taken off. */
export class NamedValues {
  readonly #scanner: Scanner = buildScanner({
    detectors: keyDetectors(),
    context: {},
    deny: [],
    decodeTriggers: [],
    pathWords: [],
    binaryWords: [],
    ownEntities: [],
  })

  find(
    text: string,
    { raw = true, sink = new AllFindings() }: { raw?: boolean; sink?: AllFindings } = {},
  ): NamedValue[] {
    const bytes = encodeUtf8(text)
    this.verify(bytes, raw, sink)
    return sink.found.map((finding) => ({
      entity: ENTITY_NAMES[finding.entity] ?? '',
      value: decodeUtf8(bytes, finding.start, finding.end),
      finding,
    }))
  }

  verify(bytes: Uint8Array, raw: boolean, sink: Sink): void {
    const { dfa, uses, machine } = this.#scanner
    const view = { bytes, raw }
    const hits = machine.scan(bytes).words
    for (let i = 0; i < hits.length; i++) {
      const end = hits.end(i)
      for (const index of dfa.hits[hits.state(i) - dfa.firstHit] ?? []) {
        const use = uses[index]
        for (const { verify, word } of use?.detectors ?? [])
          verify({ view, start: end - (use?.length ?? 0), end, word }, sink)
      }
    }
  }
}

/** Keeps everything, until more bytes were looked at than a message may cost. */
export class AllFindings implements Sink {
  readonly found: Finding[] = []
  spent = 0
  readonly #most: number

  constructor(most = Infinity) {
    this.#most = most
  }

  may(): boolean {
    return this.spent <= this.#most
  }

  add(finding: Finding): void {
    this.found.push(finding)
  }

  spend(bytes: number): void {
    this.spent += bytes
  }
}
