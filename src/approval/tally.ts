import type { Approval, Line, Person, Vote } from './approval.ts'

/** Why somebody's vote does not count. */
export type VoteFault =
  | 'own_request'
  | 'same_person'
  | 'acts_for_requester'
  | 'not_an_approver'
  | 'voted_already'
  | 'reason_missing'
  | 'requester_reason_missing'
  | OuterFault

/** What whoever hands a vote in found wrong with it. */
export type OuterFault = 'login_too_old' | 'not_from_page'

/** Undefined where the vote counts. */
export function voteFault(approval: Approval, vote: Vote): VoteFault | undefined {
  const { requester, lines } = approval
  const own = ownFault(vote.voter, requester)
  if (own !== undefined) return own
  if (!lines.some(({ group }) => vote.groups.includes(group))) return 'not_an_approver'
  if (vote.verdict !== 'approve' && !hasText(vote.reason)) return 'reason_missing'
  if (vote.verdict === 'approve' && approval.reasonRequired && !hasText(approval.reason))
    return 'requester_reason_missing'
  const before = approval.votes.find(({ voter, verdict }) => verdict === 'approve' && isSamePerson(voter, vote.voter))
  return vote.verdict === 'approve' && before !== undefined ? 'voted_already' : undefined
}

/** Nobody decides about what they asked for, by whatever account (approvals.md, 7). */
function ownFault(voter: Person, requester: Person): VoteFault | undefined {
  if (voter.principal === requester.principal) return 'own_request'
  if (isSamePerson(voter, requester)) return 'same_person'
  return actsFor(voter, requester) || actsFor(requester, voter) ? 'acts_for_requester' : undefined
}

/** Two accounts of one person: the same account, or the same verified address. */
export function isSamePerson(a: Person, b: Person): boolean {
  if (a.principal === b.principal) return true
  return a.email !== undefined && b.email !== undefined && plain(a.email) === plain(b.email)
}

/** An agent with an account of its own asks for somebody: that somebody asks. */
function actsFor(agent: Person, person: Person): boolean {
  const names = (agent.actsFor ?? []).map(plain)
  return names.includes(plain(person.subject)) || (person.email !== undefined && names.includes(plain(person.email)))
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

function hasText(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== ''
}

/** What is still missing: of each line, how many people. Empty where all lines are met. */
export function missingLines(lines: readonly Line[], votes: readonly Vote[]): readonly Line[] {
  const yes = votes.filter(({ verdict }) => verdict === 'approve')
  const filled = assign(lines, yes)
  return lines.flatMap((line, i) => {
    const count = line.count - (filled[i] ?? 0)
    return count > 0 ? [{ ...line, count }] : []
  })
}

/**
 * How many people each line gets when nobody counts for two of them and as many as possible count at all: the paths of a
 * bipartite matching (Kuhn 1955), for a person in two groups must not stand in the way of one who is in one.
 */
function assign(lines: readonly Line[], votes: readonly Vote[]): readonly number[] {
  const seats = lines.flatMap(({ count }, line) => Array.from({ length: count }, () => line))
  const holder = new Map<number, number>()
  const seat = (vote: number, tried: Set<number>): boolean => {
    for (const [at, line] of seats.entries()) {
      if (tried.has(at) || votes[vote]?.groups.includes(lines[line]?.group ?? '') !== true) continue
      tried.add(at)
      const before = holder.get(at)
      if (before === undefined || seat(before, tried)) {
        holder.set(at, vote)
        return true
      }
    }
    return false
  }
  for (const vote of votes.keys()) seat(vote, new Set())
  const filled = lines.map(() => 0)
  for (const at of holder.keys()) {
    const line = seats[at] ?? 0
    filled[line] = (filled[line] ?? 0) + 1
  }
  return filled
}
