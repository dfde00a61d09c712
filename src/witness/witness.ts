import { parseNote, writeNote, writeSignatureLine } from '../audit/note.ts'
import type { VerifierKey } from '../audit/note-key.ts'
import type { NoteSigner } from '../audit/note-signature.ts'
import { equal } from '../base/bytes.ts'
import {
  authenticate,
  continues,
  type LastHead,
  parseAddCheckpoint,
  type Refused,
  type Verdict,
} from './add-checkpoint.ts'

/** The state of a witness, durable. */
export interface WitnessHeads {
  last(origin: string): LastHead | undefined
  /** One transaction: nobody else reads or writes between `decide` and what it keeps, and that is durable when this returns. */
  advance(origin: string, decide: (last: LastHead | undefined) => Decided): Verdict
  /** A signed head that does not fit is evidence against its log. */
  keepEvidence(evidence: Evidence): void
}

export interface Decided {
  readonly verdict: Verdict
  readonly keep: LastHead | undefined
}

export interface Evidence {
  readonly origin: string
  readonly why: string
  readonly request: Uint8Array
  readonly seconds: number
}

export interface WitnessParts {
  /** Keys of the logs that it knows. */
  readonly logs: readonly VerifierKey[]
  readonly signers: readonly NoteSigner[]
  readonly heads: WitnessHeads
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** A head whose log is known was refused. */
  readonly onRefused?: (origin: string, why: string) => void
}

export type Answer = { readonly kind: 'cosigned'; readonly lines: string } | Refused

/** Decides over heads that logs hand in, and cosigns those that continue what it has seen. */
export class Witness {
  readonly #parts: WitnessParts

  constructor(parts: WitnessParts) {
    this.#parts = parts
  }

  addCheckpoint(body: Uint8Array): Answer {
    const { heads, logs } = this.#parts
    const request = parseAddCheckpoint(body)
    if (request === undefined)
      return { kind: 'refused', status: 400, why: 'this is no old size, proof and checkpoint without extension lines' }
    const signed = authenticate(request, logs)
    if (signed.kind !== 'signed') return signed
    const { head } = request
    const signatures = head.note.signatures.filter(({ keyId, name }) =>
      signed.by.some(({ key }) => key.name === name && equal(key.id, keyId)),
    )
    const keep = { size: head.size, root: head.root, note: writeNote({ text: head.note.text, signatures }) }
    const verdict = heads.advance(head.origin, (last) => {
      const decided = continues(request, last)
      return { verdict: decided, keep: decided.kind === 'continues' ? keep : undefined }
    })
    if (verdict.kind === 'refused' && verdict.status === 422) this.#refuse(head.origin, verdict.why, body)
    // From here on this head binds, whether or not the answer arrives; before, nothing was signed.
    return verdict.kind === 'continues' ? { kind: 'cosigned', lines: this.#cosign(head.note.text) } : verdict
  }

  /** The newest head of a log with the signatures of log and witness: "as of now, the largest I have seen". */
  checkpoint(origin: string): string | undefined {
    const last = this.#parts.heads.last(origin)
    const text = last && parseNote(last.note)?.text
    return last && text && `${last.note}${this.#cosign(text)}`
  }

  get origins(): readonly string[] {
    return this.#parts.logs.map(({ name }) => name)
  }

  #refuse(origin: string, why: string, request: Uint8Array): void {
    const { heads, nowSeconds, onRefused } = this.#parts
    heads.keepEvidence({ origin, why, request, seconds: nowSeconds() })
    onRefused?.(origin, why)
  }

  #cosign(text: string): string {
    const { nowSeconds, signers } = this.#parts
    return signers.map((signer) => writeSignatureLine(signer.sign(text, nowSeconds()))).join('')
  }
}
