import type { SignedCheckpoint } from './checkpoint.ts'
import type { VerifierKey } from './note-key.ts'
import { verifyNote } from './note-signature.ts'
import type { Member, Quorum, TrustPolicy } from './trust-policy.ts'

/** What a trust policy says of a signed head. */
export interface TrustVerdict {
  /** Signed by a log of the policy whose name is the origin. */
  readonly signed: boolean
  /** By whom it was cosigned, and when: names of the policy. */
  readonly cosigned: readonly { readonly witness: string; readonly seconds: number }[]
  /** Keys of the policy whose signature is there and wrong: such a note is to be refused whole (C2SP signed-note). */
  readonly wrong: readonly VerifierKey[]
  /** Enough witnesses cosigned. */
  readonly quorum: boolean
}

/** Judges a head by its signatures alone: that it fits the log is for the caller to check. */
export function judgeHead(head: SignedCheckpoint, policy: TrustPolicy): TrustVerdict {
  const logs = policy.logs.map(({ key }) => key).filter(({ name }) => name === head.origin)
  const byLog = verifyNote(head.note, logs)
  const byWitness = verifyNote(
    head.note,
    policy.witnesses.map(({ key }) => key),
  )
  const cosigned = policy.witnesses.flatMap(({ key, name }) => {
    // The same witness may have cosigned several times: the newest counts.
    const times = byWitness.verified.filter((one) => one.key === key).map(({ seconds }) => seconds ?? 0)
    return times.length === 0 ? [] : [{ witness: name, seconds: Math.max(...times) }]
  })
  const names = new Set(cosigned.map(({ witness }) => witness))
  return {
    signed: byLog.verified.length > 0,
    cosigned,
    wrong: [...byLog.wrong, ...byWitness.wrong],
    quorum: isQuorum(policy.quorum, names),
  }
}

/** Whether these witnesses, by their names in the policy, are enough. */
export function isQuorum(quorum: Quorum, witnesses: ReadonlySet<string>): boolean {
  return quorum.kind === 'none' || hasWitnessed(quorum, witnesses)
}

function hasWitnessed(member: Member, witnesses: ReadonlySet<string>): boolean {
  if (member.kind === 'witness') return witnesses.has(member.name)
  return member.members.filter((one) => hasWitnessed(one, witnesses)).length >= member.least
}
