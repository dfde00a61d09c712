import { verifyFolder } from '../store/segments/verify.ts'
import { logFolder } from './log-folder.ts'
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
  const report = verifyFolder(await logFolder({ ...values, ...(dir === undefined ? {} : { data: dir }) }))
  if (values.json) printLine(JSON.stringify(report))
  else {
    for (const { code, what, file, offset, do: mend } of report.findings)
      printLine(`${code}: ${what} (${file}${offset === undefined ? '' : `, byte ${offset}`}). ${mend}`)
    printLine(`${report.ok ? 'Verified' : 'NOT verified'}: ${report.size} records, root ${report.root}.`)
  }
  return report.ok ? EXIT.fine : EXIT.refused
}
