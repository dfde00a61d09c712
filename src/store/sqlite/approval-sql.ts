/** What approvals are kept with. */

const OPEN = "state IN ('pending', 'approved', 'executing')"

export const SQL = {
  get: 'SELECT * FROM approval WHERE id = ?',
  byHash: `SELECT * FROM approval WHERE hash = ? ORDER BY ${OPEN} DESC, asked_ms DESC LIMIT 1`,
  openByCall: `SELECT * FROM approval WHERE call_hash = ? AND ${OPEN}`,
  votes: 'SELECT vote FROM approval_vote WHERE approval = ? ORDER BY n',
  pending: "SELECT count(*) AS n FROM approval WHERE state = 'pending'",
  pendingOf:
    "SELECT count(*) AS n FROM approval INDEXED BY approval_pending_of WHERE state = 'pending' AND principal = ?",
  insert: `INSERT INTO approval (id, state, hash, call_hash, fingerprint, principal, session, connection, once, ask, reason,
    asks, uses, asked_ms, expires_ms, exact_nonce, exact, mac)
    VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`,
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
  exact: 'SELECT exact_nonce, exact FROM approval WHERE id = ?',
  mac: 'UPDATE approval SET mac = ? WHERE id = ?',
  discard: "UPDATE approval SET state = 'revoked', why = ?, ended_ms = ?, mac = ? WHERE id = ?",
  event: 'INSERT INTO approval_event (approval, event, mac) VALUES (?, ?, ?)',
  unrecorded: 'SELECT n, approval, event, mac FROM approval_event WHERE recorded = 0 ORDER BY n LIMIT ?',
  forgedEvent: 'UPDATE approval_event SET recorded = 1, notified = 1 WHERE n = ?',
  recorded: 'UPDATE approval_event SET recorded = 1 WHERE n = ?',
} as const
