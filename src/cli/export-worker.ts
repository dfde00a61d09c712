// A thread that exports one log to one folder, from its cursor on, until it is told to end.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { recordFilter } from '../recording/export/filter.ts'
import { LINE_FORMATS } from '../recording/export/formats.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { FolderSink } from './export-folder-sink.ts'
import { runExport } from './export-run.ts'
import { packKeysFor } from './pack-keys.ts'
import type { ExportOrder } from './scheduled-exports.ts'

/** A file larger than this is hard to handle, however long records are gathered. */
const BATCH = 50_000

const order: ExportOrder = workerData
const { bodies, everyMs, folder, format, only } = order.export
const stopped = new AbortController()
parentPort?.once('message', () => stopped.abort())

const sink = new FolderSink(folder, LINE_FORMATS[format], { bodies, version: order.version })
const { next } = sink.start
// An outcome goes with the decision about its intent, which may stand before the cursor: then all is looked at once more.
const from = only.decision === undefined && next > 0 ? { from: { seq: next } } : {}
const keys = packKeysFor(order.masterKey, order.folder)
const records = readRecords({ folder: order.folder, keys, follow: true, signal: stopped.signal, ...from })
await runExport(records, sink, {
  wanted: recordFilter(only),
  cursorPath: join(folder, '.cursor.json'),
  batch: BATCH,
  everyMs,
})
await sink.close()
parentPort?.close()
