import type { SignedCheckpoint } from '../audit/checkpoint.ts'
import { writeNote } from '../audit/note.ts'
import type { VerifierKey } from '../audit/note-key.ts'
import { isQuorum } from '../audit/trusted-head.ts'
import type { TrustPolicy } from '../audit/trust-policy.ts'
import { type AskedWitness, askWitness, headAt, requestOf, type WitnessAnswer } from './ask-witness.ts'

/** A log that is handed to witnesses: its newest signed head, and proofs from its tiles. */
export interface WitnessedLog {
  /** Undefined before the first head. */
  newest(): SignedCheckpoint | undefined
  proof(oldSize: number, size: number): readonly Uint8Array[]
  /** Keys that sign its heads. */
  readonly keys: readonly VerifierKey[]
  /** Keeps a head with its cosignatures; durable when it resolves. */
  keep(note: string): Promise<void>
}

/** What went wrong with one witness. */
export interface WitnessTrouble {
  readonly witness: string
  /**
   * `fork`: the witness says that this log is not a continuation (422). `rolled_back`: it showed a longer log that was signed
   * with our key. `ahead`: it says so, and cannot show it.
   */
  readonly kind: 'fork' | 'rolled_back' | 'ahead' | 'refused' | 'failed'
  readonly why: string
  /** What was asked and answered: evidence, for either side. */
  readonly request: string
  readonly answer: string
}

export interface WitnessRound {
  readonly head: SignedCheckpoint
  readonly cosigned: readonly { readonly witness: string; readonly seconds: number }[]
  /** As many as can be asked. */
  readonly asked: number
  readonly quorum: boolean
  readonly trouble: readonly WitnessTrouble[]
}

/** Hands heads to all witnesses of a policy, round after round. One round at a time. */
export class WitnessRounds {
  readonly #log: WitnessedLog
  readonly #policy: TrustPolicy
  readonly #witnesses: readonly AskedWitness[]
  /** What each witness has, as far as we know. A wrong guess costs one question: the answer says it. */
  readonly #sizes = new Map<string, number>()

  constructor(log: WitnessedLog, policy: TrustPolicy) {
    this.#log = log
    this.#policy = policy
    this.#witnesses = policy.witnesses.flatMap(({ key, name, url }) => (url === undefined ? [] : [{ key, name, url }]))
  }

  /** Asks every witness for its cosignature of this head, and keeps what they gave. */
  async ask(head: SignedCheckpoint): Promise<WitnessRound> {
    const answers = await Promise.all(this.#witnesses.map((witness) => this.#askOne(witness, head)))
    const cosigned = answers.flatMap((one) => (one.kind === 'cosigned' ? [one] : []))
    const signatures = [...head.note.signatures, ...cosigned.flatMap((one) => one.signatures)]
    if (cosigned.length > 0) await this.#log.keep(writeNote({ text: head.note.text, signatures }))
    return {
      head,
      cosigned: cosigned.map(({ seconds, witness }) => ({ witness, seconds })),
      asked: this.#witnesses.length,
      quorum: isQuorum(this.#policy.quorum, new Set(cosigned.map(({ witness }) => witness))),
      trouble: answers.flatMap((one) => (one.kind === 'trouble' ? [one.trouble] : [])),
    }
  }

  async #askOne(witness: AskedWitness, head: SignedCheckpoint): Promise<OneAnswer> {
    const { name } = witness
    let oldSize = Math.min(this.#sizes.get(name) ?? 0, head.size)
    let question = { head, oldSize, proof: this.#log.proof(oldSize, head.size) }
    let answer = await askWitness(witness, question)
    if (answer.kind === 'stale' && answer.size <= head.size && answer.size !== oldSize) {
      oldSize = answer.size
      question = { head, oldSize, proof: this.#log.proof(oldSize, head.size) }
      answer = await askWitness(witness, question)
    }
    const trouble = { witness: name, request: requestOf(question), answer: textOf(answer) }
    switch (answer.kind) {
      case 'cosigned':
        this.#sizes.set(name, head.size)
        return { ...answer, witness: name }
      case 'stale':
        return { kind: 'trouble', trouble: { ...trouble, ...(await this.#ahead(witness, head, answer.size)) } }
      case 'refused':
        return {
          kind: 'trouble',
          trouble: { ...trouble, kind: answer.status === 422 ? 'fork' : 'refused', why: textOf(answer) },
        }
      case 'failed':
        return { kind: 'trouble', trouble: { ...trouble, kind: 'failed', why: answer.why } }
    }
  }

  /** A witness may lie about a number, and must not stop a gateway by it; it cannot make a signature of our key. */
  async #ahead(
    witness: AskedWitness,
    head: SignedCheckpoint,
    size: number,
  ): Promise<Pick<WitnessTrouble, 'kind' | 'why'>> {
    if (size <= head.size) return { kind: 'refused', why: `it stands at ${size} and does not go on from there` }
    const shown = await headAt(witness, head.origin, this.#log.keys)
    return shown !== undefined && shown.size > head.size
      ? {
          kind: 'rolled_back',
          why: `it shows a head of this log with ${shown.size} records, signed with its key; here are ${head.size}`,
        }
      : { kind: 'ahead', why: `it says that it has cosigned ${size} records of this log; here are ${head.size}` }
  }
}

type OneAnswer =
  | (Extract<WitnessAnswer, { kind: 'cosigned' }> & { readonly witness: string })
  | { readonly kind: 'trouble'; readonly trouble: WitnessTrouble }

function textOf(answer: WitnessAnswer): string {
  switch (answer.kind) {
    case 'cosigned':
      return '200'
    case 'stale':
      return `409 ${answer.size}`
    case 'refused':
      return `${answer.status} ${answer.text.trim()}`
    case 'failed':
      return answer.why
  }
}
