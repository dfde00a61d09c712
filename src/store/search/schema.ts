// The search index: SQLite files that are derived from the log, expire with it and are rebuilt from it at any time. One file
// for each retention class and day, so that a term goes when the text goes (audit.md, 11.5 and 16.3).

/**
 * How far the log is indexed, and which files there are. Its write lock is the lock of the whole index. Where the form of the
 * partitions changes, a step empties it: whoever opens an older index to write fills it again.
 */
export const CATALOG_STEPS: readonly string[] = [
  `
CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, indexed_upto INTEGER NOT NULL, day INTEGER NOT NULL) STRICT;
CREATE TABLE partition (
  file TEXT PRIMARY KEY, class INTEGER NOT NULL, day INTEGER NOT NULL, part INTEGER NOT NULL, entries INTEGER NOT NULL,
  low INTEGER NOT NULL, high INTEGER NOT NULL, min_ts INTEGER NOT NULL, max_ts INTEGER NOT NULL) STRICT;
CREATE TABLE erased (low INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (low, high)) STRICT;
`,
  'DELETE FROM progress; DELETE FROM partition;',
  'ALTER TABLE partition ADD COLUMN words INTEGER NOT NULL DEFAULT 1;',
]

/**
 * `rid` is the record's seq + 1. `ft` keeps no text, only where words stand; it cuts ASCII, and `indexText` has made sure that
 * this is how words are cut everywhere. `t` is what a record says, `m` has one word for each aspect. `cell` has the values of
 * a chunk of records, one row for each column (`columns.ts`): that is what is counted.
 */
export const PARTITION_SCHEMA = `
CREATE TABLE mark (one INTEGER PRIMARY KEY CHECK (one = 1), rid INTEGER NOT NULL, erasures INTEGER NOT NULL) STRICT;
INSERT INTO mark VALUES (1, 0, 0);
CREATE TABLE dict (id INTEGER PRIMARY KEY, aspect INTEGER NOT NULL, value TEXT NOT NULL, UNIQUE (aspect, value)) STRICT;
CREATE TABLE chunk (
  n INTEGER PRIMARY KEY, entries INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, min_ts INTEGER NOT NULL, max_ts INTEGER NOT NULL) STRICT;
CREATE TABLE cell (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE ft USING fts5(t, m, content='', contentless_delete=1, tokenize='ascii');
`

export const DAY_MICROS = 86_400_000_000

/** Beyond, a merge of the index takes seconds and a file gigabytes (audit.md, 11.5). */
export const PARTITION_ENTRIES_MAX = 4_000_000

export function partitionFile(retentionClass: number, day: number, part: number): string {
  return `${retentionClass}-${dayText(day)}-${part}.db`
}

export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** 52 bits of a UUID that are chance: enough to tell the records of a minute apart, and one integer. */
export function uidOf(id: string | undefined): number | undefined {
  const found = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-([0-9a-f]{12})$/.exec(id ?? '')
  return found === null ? undefined : Number.parseInt(`${id?.slice(22, 23) ?? ''}${found[1] ?? ''}`, 16)
}
