// Exports the log of a folder on and on, until somebody kills it.
import { LINE_FORMATS } from '../../src/recording/export/formats.ts'
import { FileSink } from '../../src/cli/export-file-sink.ts'
import { FolderSink } from '../../src/cli/export-folder-sink.ts'
import { runExport } from '../../src/cli/export-run.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'

const [folder = '', kind = '', to = '', cursorPath = ''] = process.argv.slice(2)
const options = { version: '1', bodies: false }
const sink =
  kind === 'file'
    ? new FileSink(to, cursorPath, LINE_FORMATS.jsonl, options)
    : new FolderSink(to, LINE_FORMATS.jsonl, options)
process.stdout.write('ready\n')
await runExport(readRecords({ folder, follow: true }), sink, { wanted: () => true, cursorPath, batch: 31, everyMs: 5 })
