// The search index: SQLite files that are derived from the log, expire with it and are rebuilt from it at any time. One file
// for each retention class and day, so that a term goes when the text goes (audit.md, 11.5 and 16.3).

/** How far the log is indexed, and which files there are. Its write lock is the lock of the whole index. */
export const CATALOG_SCHEMA = `
CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, indexed_upto INTEGER NOT NULL, day INTEGER NOT NULL) STRICT;
CREATE TABLE partition (
  file TEXT PRIMARY KEY, class INTEGER NOT NULL, day INTEGER NOT NULL, part INTEGER NOT NULL, entries INTEGER NOT NULL,
  low INTEGER NOT NULL, high INTEGER NOT NULL, min_ts INTEGER NOT NULL, max_ts INTEGER NOT NULL) STRICT;
CREATE TABLE erased (low INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (low, high)) STRICT;
`

/**
 * \`rid\` is the record's seq + 1. \`ft\` keeps no text, only where words stand; it cuts ASCII, and \`indexText\` has made sure that
 * this is how words are cut everywhere. \`t\` is what a record says, \`m\` has one word for each aspect, and \`all\`.
 */
export const PARTITION_SCHEMA = `
CREATE TABLE mark (one INTEGER PRIMARY KEY CHECK (one = 1), rid INTEGER NOT NULL, erasures INTEGER NOT NULL) STRICT;
INSERT INTO mark VALUES (1, 0, 0);
CREATE TABLE dict (id INTEGER PRIMARY KEY, aspect TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (aspect, value)) STRICT;
CREATE TABLE ev (
  rid INTEGER PRIMARY KEY, ts INTEGER NOT NULL, uid INTEGER, actor INTEGER, address INTEGER, conn INTEGER, call INTEGER, outcome INTEGER, verdict INTEGER,
  session INTEGER, trace INTEGER, entries INTEGER, bytes INTEGER, latency INTEGER, status INTEGER) STRICT;
CREATE TABLE span (hour INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL, min_ts INTEGER NOT NULL, max_ts INTEGER NOT NULL) STRICT;
CREATE VIRTUAL TABLE ft USING fts5(t, m, content='', contentless_delete=1, tokenize='ascii');
`

export const HOUR_MICROS = 3_600_000_000
export const DAY_MICROS = 24 * HOUR_MICROS

/** Beyond, a merge of the index takes seconds and a file gigabytes (audit.md, 11.5). */
export const PARTITION_ENTRIES_MAX = 4_000_000

export function partitionFile(retentionClass: number, day: number, part: number): string {
  return `${retentionClass}-${dayText(day)}-${part}.db`
}

export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** 52 bits of a UUID that are chance: enough to tell the records of a minute apart, and one integer. */
export function uidOf(id: string | undefined): number | null {
  const found = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-([0-9a-f]{12})$/.exec(id ?? '')
  return found === null ? null : Number.parseInt(`${id?.slice(22, 23) ?? ''}${found[1] ?? ''}`, 16)
}
