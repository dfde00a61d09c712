/** What approvals are kept with. */

const OPEN = "state IN ('pending', 'approved', 'executing')"

export const SQL = {
  get: `SELECT * FROM approval WHERE id = ?`,
  byHash: `SELECT * FROM approval WHERE hash = ? ORDER BY ${OPEN} DESC, asked_ms DESC LIMIT 1`,
  openByCall: `SELECT * FROM approval WHERE call_hash = ? AND ${OPEN}`,
  votes: 'SELECT vote FROM approval_vote WHERE approval = ? ORDER BY n',
  pending: "SELECT count(*) AS n FROM approval WHERE state = 'pending'",
  pendingOf:
    "SELECT count(*) AS n FROM approval INDEXED BY approval_pending_of WHERE state = 'pending' AND principal = ?",
  cancelledOf: `SELECT count(*) AS n FROM approval INDEXED BY approval_cancelled_of
    WHERE state = 'cancelled' AND principal = ? AND expires_ms > ?`,
  insert: `INSERT INTO approval (id, state, hash, call_hash, fingerprint, principal, session, connection, once, ask, reason,
    asks, uses, asked_ms, expires_ms, shown_hash, mac) VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`,
  insertShown: 'INSERT INTO approval_shown (approval, shown, facts, exact_nonce, exact) VALUES (?, ?, ?, ?, ?)',
  line: 'INSERT OR IGNORE INTO approval_line (grp, approval) VALUES (?, ?)',
  reason: "UPDATE approval SET reason = ? WHERE id = ? AND state = 'pending' AND reason IS NULL",
  vote: `INSERT INTO approval_vote (approval, n, vote)
    SELECT id, (SELECT count(*) FROM approval_vote WHERE approval = id), ? FROM approval WHERE id = ? AND state = 'pending'`,
  claim: `UPDATE approval SET state = 'executing', uses = uses + 1
    WHERE id = ? AND state = 'approved' AND once = 1 AND usable_until_ms > ?`,
  finish: "UPDATE approval SET state = ?, ended_ms = ?, why = ? WHERE id = ? AND state = 'executing'",
  giveBack: "UPDATE approval SET state = 'approved', uses = uses - 1 WHERE id = ? AND state = 'executing'",
  count: 'UPDATE approval SET asks = asks + ?, uses = uses + ? WHERE id = ?',
  overdue: `SELECT * FROM (
    SELECT * FROM approval INDEXED BY approval_pending_end WHERE state = 'pending' AND expires_ms <= ?1
    UNION ALL SELECT * FROM approval INDEXED BY approval_approved_end WHERE state = 'approved' AND usable_until_ms <= ?1) LIMIT ?2`,
  shown: 'SELECT shown, facts FROM approval_shown WHERE approval = ?',
  exact: 'SELECT exact_nonce, exact FROM approval_shown WHERE approval = ?',
  mac: 'UPDATE approval SET mac = ? WHERE id = ?',
  discard: "UPDATE approval SET state = 'revoked', why = ?, ended_ms = ?, mac = ? WHERE id = ?",
  ended: `SELECT id FROM approval WHERE ended_ms < ?
    AND NOT EXISTS (SELECT 1 FROM approval_event WHERE approval = approval.id AND (recorded = 0 OR notified = 0))
    AND NOT EXISTS (SELECT 1 FROM approval_delivery WHERE approval = approval.id AND state = 'waiting') LIMIT ?`,
  event: 'INSERT INTO approval_event (approval, event, mac) VALUES (?, ?, ?)',
  unrecorded: 'SELECT n, approval, event, mac FROM approval_event WHERE recorded = 0 ORDER BY n LIMIT ?',
  forgedEvent: 'UPDATE approval_event SET recorded = 1, notified = 1 WHERE n = ?',
  recorded: 'UPDATE approval_event SET recorded = 1 WHERE n = ?',
} as const
