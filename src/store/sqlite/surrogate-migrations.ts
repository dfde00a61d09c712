/** The schema of surrogates.db, one step per version. A step that has been released is never edited. */
export const SURROGATE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE scope (
    scope INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    client TEXT NOT NULL,
    upstream_group TEXT NOT NULL,
    purpose TEXT NOT NULL,
    root_id TEXT NOT NULL,
    epoch_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    salt BLOB NOT NULL,
    rows INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (tenant, principal, client, upstream_group, purpose, root_id, epoch_ms)
  ) STRICT;

  CREATE INDEX scope_principal ON scope (principal);
  CREATE INDEX scope_ends ON scope (ends_ms);

  CREATE TABLE surrogate (
    scope INTEGER NOT NULL REFERENCES scope (scope) ON DELETE CASCADE,
    id TEXT NOT NULL,
    entity TEXT NOT NULL,
    value_index BLOB NOT NULL,
    nonce BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    restores INTEGER NOT NULL DEFAULT 0,
    last_restore_ms INTEGER,
    changed INTEGER NOT NULL,
    PRIMARY KEY (scope, id),
    UNIQUE (scope, value_index)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX surrogate_changed ON surrogate (scope, changed);
  `,
]
