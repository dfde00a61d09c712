import { removeIndex } from '../store/search/catalog.ts'
import { indexLog } from '../store/search/index-log.ts'
import { lockFolder } from '../store/segments/lock.ts'
import { indexModeOf, logFolder } from './log-folder.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { packKeysOf } from './pack-keys.ts'
import { readArgs } from './usage.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
} as const

/** `sallyport reindex`: throws the search index away and builds it from the log. */
export async function reindex(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const folder = await logFolder(values)
  // A gateway writes to the very files that are removed here.
  using stack = new DisposableStack()
  stack.use(lockFolder(folder))
  removeIndex(folder)
  const mode = await indexModeOf(values)
  if (mode === 'off') {
    printLine('The configuration says that there is no index (audit.index.mode); what there was is removed.')
    return EXIT.fine
  }
  const count = await indexLog(folder, progress(), {
    keys: await packKeysOf(values, folder),
    words: mode === 'full',
  })
  printLine(`Indexed ${count} records.`)
  return EXIT.fine
}

/** On a terminal, a line that changes. */
function progress(): (seq: number) => void {
  if (!process.stderr.isTTY) return () => undefined
  return (seq) => printError(`\u001B[1A\u001B[2K${seq + 1} records`)
}
