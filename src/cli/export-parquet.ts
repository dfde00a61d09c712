import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { COLUMNS, type Column } from '../recording/export/columns.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { cannotWrite, syncFolder } from './write-result.ts'

/** Rows that are held in memory and compressed together. */
const GROUP_ROWS = 16_384

/** The flat columns of the envelope as Parquet with zstd, whole or not at all. */
export async function writeParquet(
  path: string,
  records: AsyncIterable<RecordedRecord>,
  createdBy: string,
): Promise<number> {
  const beside = `${path}.part`
  try {
    closeSync(openSync(beside, 'w', 0o600))
    const count = await writeGroups(beside, records, createdBy)
    const fd = openSync(beside, 'r+')
    fsyncSync(fd)
    closeSync(fd)
    renameSync(beside, path)
    syncFolder(dirname(path))
    return count
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cannotWrite(path, cause)
  }
}

async function writeGroups(path: string, records: AsyncIterable<RecordedRecord>, createdBy: string): Promise<number> {
  const compressors = { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)) }
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [{ name: 'records', num_children: COLUMNS.length }, ...COLUMNS.map(elementOf)],
    codec: 'ZSTD',
    compressors,
    createdBy,
  })
  let rows: RecordedRecord[] = []
  let count = 0
  const flush = async (): Promise<void> => {
    const columnData = COLUMNS.map((column) => ({ name: column.name, data: rows.map((row) => cellOf(column, row)) }))
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS })
    rows = []
  }
  for await (const record of records) {
    rows.push(record)
    count += 1
    if (rows.length === GROUP_ROWS) await flush()
  }
  if (rows.length > 0) await flush()
  await writer.finish()
  return count
}

function elementOf({ name, type }: Column) {
  return type === 'text'
    ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
    : ({ name, type: 'INT64', repetition_type: 'OPTIONAL' } as const)
}

function cellOf(column: Column, record: RecordedRecord): string | bigint | null {
  const value = column.of(record)
  return typeof value === 'number' ? BigInt(value) : (value ?? null)
}
