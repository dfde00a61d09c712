import { verifyFolder } from '../store/segments/verify.ts'
import { logFolder } from './log-folder.ts'
import { packKeysOf } from './pack-keys.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs } from './usage.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
} as const

/** `sallyport audit verify [DIR]`: reads the whole log and says what does not fit. */
export async function verify(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [dir] = positionals
  const which = { ...values, ...(dir === undefined ? {} : { data: dir }) }
  const folder = await logFolder(which)
  const report = verifyFolder(folder, await packKeysOf(which, folder))
  if (values.json) printLine(JSON.stringify(report))
  else {
    for (const { code, what, file, offset, do: mend } of report.findings)
      printLine(`${code}: ${what} (${file}${offset === undefined ? '' : `, byte ${offset}`}). ${mend}`)
    const { erased, locked } = report.records
    if (erased > 0) printLine(`${erased} records are erased or expired, each by a tombstone in the log.`)
    if (locked > 0)
      printLine(
        `${locked} records are encrypted and were not looked into: name the configuration with -c for their key.`,
      )
    printLine(`${report.ok ? 'Verified' : 'NOT verified'}: ${report.size} records, root ${report.root}.`)
  }
  return report.ok ? EXIT.fine : EXIT.refused
}
