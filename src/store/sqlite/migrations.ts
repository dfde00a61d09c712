/**
 * The schema of control.db, one step per version. A step that has been released is never edited: databases out there have
 * run it. Strings and not files, because the build copies no files.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE connection_key (
    connection TEXT PRIMARY KEY,
    master_key_id TEXT NOT NULL,
    nonce BLOB NOT NULL,
    wrapped_key BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE credential (
    connection TEXT NOT NULL REFERENCES connection_key (connection),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    nonce BLOB NOT NULL,
    ciphertext BLOB NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (connection, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE session_binding (
    id BLOB PRIMARY KEY,
    principal TEXT NOT NULL,
    session TEXT NOT NULL,
    revision TEXT,
    started_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX session_binding_started ON session_binding (started_ms);
  `,
  `
  CREATE TABLE limit_bucket (
    key TEXT PRIMARY KEY,
    full_ms REAL NOT NULL,
    ms_per REAL NOT NULL,
    burst REAL NOT NULL,
    saved_ms REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX limit_bucket_full ON limit_bucket (full_ms);

  CREATE TABLE tool_pin (
    connection TEXT NOT NULL,
    tool TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (connection, tool)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE shadow_policy (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    set_ms INTEGER NOT NULL,
    version TEXT,
    trouble TEXT,
    compared INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE shadow_diff (
    came_out TEXT NOT NULL,
    would TEXT NOT NULL,
    rule TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    principal TEXT NOT NULL,
    connection TEXT NOT NULL,
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (came_out, would, rule)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE audit_month_key (
    id BLOB PRIMARY KEY,
    class INTEGER NOT NULL,
    month TEXT NOT NULL,
    master_key_id TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    UNIQUE (class, month)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit_key (
    id BLOB PRIMARY KEY,
    month_key BLOB NOT NULL REFERENCES audit_month_key (id),
    session BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    UNIQUE (month_key, session)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX audit_key_session ON audit_key (session);

  CREATE TABLE audit_class (
    n INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL
  ) STRICT;

  CREATE TABLE audit_hold (
    id TEXT PRIMARY KEY,
    predicate TEXT NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    set_seq INTEGER,
    released_by TEXT,
    release_reason TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit_erasure (
    id TEXT PRIMARY KEY,
    basis TEXT NOT NULL,
    request TEXT NOT NULL,
    requester TEXT NOT NULL,
    approver TEXT,
    made_ms INTEGER NOT NULL,
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    report TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit_deletion (
    id TEXT PRIMARY KEY,
    plan TEXT NOT NULL,
    tombstone_seq INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    hash TEXT NOT NULL,
    call_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    principal TEXT NOT NULL,
    session TEXT NOT NULL,
    connection TEXT NOT NULL,
    once INTEGER NOT NULL,
    ask TEXT NOT NULL,
    reason TEXT,
    asks INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    asked_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    decided_ms INTEGER,
    usable_until_ms INTEGER,
    ended_ms INTEGER,
    why TEXT,
    mac BLOB,
    shown_hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE approval_shown (
    n INTEGER PRIMARY KEY,
    approval TEXT NOT NULL UNIQUE REFERENCES approval (id),
    shown TEXT NOT NULL,
    facts TEXT NOT NULL,
    exact_nonce BLOB NOT NULL,
    exact BLOB NOT NULL
  ) STRICT;

  CREATE UNIQUE INDEX approval_open ON approval (hash) WHERE state IN ('pending', 'approved', 'executing');
  CREATE INDEX approval_hash ON approval (hash, asked_ms);
  CREATE INDEX approval_call ON approval (call_hash) WHERE state IN ('pending', 'approved', 'executing');
  CREATE INDEX approval_state ON approval (state, asked_ms, id, principal);
  CREATE INDEX approval_asked ON approval (asked_ms, id, state, principal);
  CREATE INDEX approval_fingerprint ON approval (fingerprint, asked_ms);
  CREATE INDEX approval_principal ON approval (principal, asked_ms);
  CREATE INDEX approval_session ON approval (session, state);
  CREATE INDEX approval_pending_end ON approval (expires_ms) WHERE state = 'pending';
  CREATE INDEX approval_pending_of ON approval (principal) WHERE state = 'pending';
  CREATE INDEX approval_cancelled_of ON approval (principal, expires_ms) WHERE state = 'cancelled';
  CREATE INDEX approval_ended ON approval (ended_ms) WHERE ended_ms IS NOT NULL;
  CREATE INDEX approval_approved_end ON approval (usable_until_ms) WHERE state = 'approved';

  CREATE TABLE approval_line (
    grp TEXT NOT NULL,
    approval TEXT NOT NULL REFERENCES approval (id),
    PRIMARY KEY (grp, approval)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE approval_vote (
    approval TEXT NOT NULL REFERENCES approval (id),
    n INTEGER NOT NULL,
    vote TEXT NOT NULL,
    PRIMARY KEY (approval, n)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE approval_event (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    approval TEXT NOT NULL REFERENCES approval (id),
    event TEXT NOT NULL,
    mac BLOB NOT NULL,
    recorded INTEGER NOT NULL DEFAULT 0,
    notified INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE logout (
    key TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE break_glass (
    id TEXT PRIMARY KEY,
    emergency TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    reviewed_ms INTEGER,
    review TEXT,
    mac BLOB
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX approval_event_unrecorded ON approval_event (n) WHERE recorded = 0;
  CREATE INDEX approval_event_unnotified ON approval_event (n) WHERE notified = 0;
  CREATE INDEX approval_event_of ON approval_event (approval, n);

  CREATE TABLE approval_delivery (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    approval TEXT NOT NULL,
    step TEXT NOT NULL,
    receiver TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    why TEXT,
    remote TEXT,
    UNIQUE (approval, receiver, step)
  ) STRICT;

  CREATE INDEX approval_delivery_due ON approval_delivery (receiver, due_ms) WHERE state = 'waiting';

  CREATE TABLE approver_login (
    principal TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    mac BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX approver_login_at ON approver_login (at_ms);

  CREATE TABLE slack_request (
    signature TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX slack_request_at ON slack_request (at_ms);

  CREATE TABLE held_task (
    id TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    client TEXT NOT NULL,
    connection TEXT NOT NULL,
    tool TEXT NOT NULL,
    approval TEXT,
    status TEXT NOT NULL,
    round INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    call_nonce BLOB NOT NULL,
    call BLOB NOT NULL,
    answer_nonce BLOB,
    answer BLOB,
    mac BLOB NOT NULL
  ) STRICT;

  CREATE INDEX held_task_principal ON held_task (principal);
  CREATE INDEX held_task_approval ON held_task (approval);
  CREATE INDEX held_task_end ON held_task (ends_ms);
  `,
]
