import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { afterAll, describe, expect, it } from 'vitest'
import { madeCall, storedRecords } from '../../test/support/recorded-session.ts'
import { COLUMNS } from '../recording/export/columns.ts'
import { recorded, type RecordedRecord } from '../recording/read.ts'
import { writeParquet } from './export-parquet.ts'

const folder = mkdtempSync(join(tmpdir(), 'parquet-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a Parquet file', () => {
  it('is read by another implementation, with every column and row as it was, over several row groups', async () => {
    const file = join(folder, 'x.parquet')
    const two = storedRecords([...madeCall(0), { kind: 'log.heartbeat', session: 0 }]).map(recorded)
    const many = Array.from({ length: 20_000 }, (_, i) => two[i % 3]).filter((one) => one !== undefined)
    expect(await writeParquet(file, asStream(many), 'test')).toBe(20_000)
    const table = tableFromIPC(readParquet(readFileSync(file)).intoIPCStream())
    expect(table.schema.fields.map(({ name }) => name)).toEqual(COLUMNS.map(({ name }) => name))
    expect(table.numRows).toBe(20_000)
    for (const row of [0, 1, 2, 16_384, 19_999]) expect(plain(table.get(row)?.toJSON())).toEqual(expectedOf(many[row]))
  })

  it('is not there at all where its writing fails', async () => {
    const file = join(folder, 'nowhere', 'x.parquet')
    await expect(writeParquet(file, asStream([]), 'test')).rejects.toThrow(/cannot be written/)
  })
})

async function* asStream(records: readonly RecordedRecord[]) {
  yield* records
}

function expectedOf(record: RecordedRecord | undefined) {
  if (record === undefined) throw new Error('there is no such record')
  return Object.fromEntries(COLUMNS.map(({ name, of }) => [name, of(record) ?? null]))
}

function plain(row: object = {}) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  )
}
