import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileInspection } from '../facts/inspection.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import { ArgumentReader } from './argument-reader.ts'
import { ReadThread } from './read-thread.ts'
import { loadReaders } from './readers.ts'

const db = connection({ kind: 'postgres' })
let readers: SqlReaders
beforeAll(async () => {
  readers = await loadReaders([db])
})

describe('arguments', () => {
  let reader: ArgumentReader
  beforeAll(() => {
    reader = new ArgumentReader(readers, 60_000)
  })
  afterAll(() => reader.close())

  it('that are short are read at once', () => {
    expect(reader.read(db, 'query', { sql: 'SELECT 1' })).toMatchObject({ sql: { parsed: true, verbs: ['read'] } })
  })

  it('that are long are read in a thread, as if they were short', async () => {
    const sql = `SELECT ${Array.from({ length: 2_000 }, (_, i) => i).join(', ')}`
    const read = reader.read(db, 'query', { sql })
    expect(read).toBeInstanceOf(Promise)
    expect((await read).sql).toMatchObject({ parsed: true, verbs: ['read'], statements: 1 })
    const drop = await reader.read(db, 'query', { sql: `${sql}; DROP TABLE users` })
    expect(drop.sql).toMatchObject({ statements: 2, verbs: ['ddl', 'read'] })
  })

  it('of a connection that nobody reads have no facts', () => {
    expect(reader.read(connection({}), 'query', { sql: 'DROP TABLE x' })).toMatchObject({ sql: { present: false } })
  })
})

describe('a thread that reads', () => {
  const toRead = { inspection: inspectionOf(db), tool: 'query', args: { sql: slow() } }

  it('gives up on what takes too long, and reads what comes after', async () => {
    const thread = new ReadThread({ dialects: ['postgresql'], deadlineMs: 1 })
    expect(await thread.read(toRead)).toBe('unread')
    await thread.close()
    const patient = new ReadThread({ dialects: ['postgresql'], deadlineMs: 60_000 })
    const [first, second] = await Promise.all([patient.read(toRead), patient.read(toRead)])
    expect(first).toEqual(second)
    expect(first).toMatchObject({ sql: { present: true } })
    await patient.close()
  })

  it('lets a bounded number wait, and reads nothing once it is closed', async () => {
    const thread = new ReadThread({ dialects: ['postgresql'], deadlineMs: 60_000 })
    const all = Promise.all(Array.from({ length: 100 }, () => thread.read(toRead)))
    await thread.close()
    expect(new Set(await all)).toEqual(new Set(['unread']))
    expect(await thread.read(toRead)).toBe('unread')
  })
})

/** Many milliseconds of work for the parser, far below every limit. */
function slow(): string {
  return `INSERT INTO t VALUES ${Array.from({ length: 4_000 }, (_, i) => `(${i}, 'x')`).join(', ')}`
}

function connection(labels: Readonly<Record<string, string>>): ConnectionFacts {
  const inspection = compileInspection({ labels })
  if ('kind' in inspection) throw new Error(inspection.message)
  return { name: 'db', labels, inspection }
}

function inspectionOf({ inspection }: ConnectionFacts) {
  if (inspection === undefined) throw new Error('this connection is not read')
  return inspection
}
