import type { VoteFault } from '../../approval/tally.ts'

/** Why somebody's vote does not count, in words for them. */
export const VOTE_FAULTS: Readonly<Record<VoteFault, string>> = {
  own_request: 'Nobody decides about what they asked for themselves.',
  same_person: 'This was asked for with another account of yours, and nobody decides about their own.',
  acts_for_requester: 'You and whoever asked act for one another, and nobody decides about their own.',
  not_an_approver: 'You are in none of the groups that decide about this.',
  voted_already: 'You have agreed already, and nobody counts twice.',
  reason_missing: 'Say why, so that whoever asked can do better.',
  requester_reason_missing: 'Whoever asked has to say why first.',
  login_too_old: 'Your login is too old for a decision: your groups may have changed since. Log in again, then decide.',
  not_from_page: 'This did not come from the page that was shown to you, so it does not count. Open the page again.',
}

export const UNKNOWN = 'There is no approval of this id that you may see.'
