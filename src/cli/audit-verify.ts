import { existsSync, statSync } from 'node:fs'
import { isoMicros } from '../audit/iso-time.ts'
import type { HeadFound } from '../audit/verify-heads.ts'
import type { Finding } from '../audit/verify.ts'
import { type VerifyReport, verifyFolder } from '../store/segments/verify.ts'
import { headsIn } from '../store/segments/verify-stream.ts'
import { logFolder } from './log-folder.ts'
import { packKeysOf } from './pack-keys.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readTrustPolicy } from './trust-policy-file.ts'
import { readArgs, UsageError } from './usage.ts'
import { verifyBundle } from './verify-bundle.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
  policy: { type: 'string' },
  key: { type: 'string' },
  head: { type: 'string', multiple: true, default: [] as string[] },
  'require-quorum': { type: 'boolean', default: false },
} as const

/** `sallyport audit verify [DIR|BUNDLE]`: reads the whole log and says what does not fit. Works offline, and beside a gateway. */
export async function verify(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [dir, ...more] = positionals
  if (more.length > 0) throw new UsageError('Name one folder or bundle: audit verify [DIR|FILE.zip].')
  if (dir !== undefined && isFile(dir)) return verifyBundle(dir, values)
  if (values['require-quorum'] && values.policy === undefined)
    throw new UsageError('A quorum of whom? Name the trust policy: --policy FILE.')
  const which = { ...values, ...(dir === undefined ? {} : { data: dir }) }
  const folder = await logFolder(which)
  const keys = await packKeysOf(which, folder)
  const policy = values.policy === undefined ? undefined : await readTrustPolicy(values.policy)
  const heads = values.head.flatMap(keptHeads)
  const report = verifyFolder(folder, keys, { policy, heads, requireQuorum: values['require-quorum'] })
  if (values.json) printLine(JSON.stringify(report))
  else printReport(report, { trusted: policy !== undefined })
  return report.ok ? EXIT.fine : EXIT.refused
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** A head that somebody kept: a `checkpoint`, or a file of several. */
function keptHeads(file: string): readonly HeadFound[] {
  if (!existsSync(file)) throw new UsageError(`There is no head in ${file}: the file is not there.`)
  const heads = headsIn(file)
  if (heads.length === 0)
    throw new UsageError(`There is no head in ${file}. A head is what "audit checkpoint --note" prints.`)
  return heads
}

function printReport(report: VerifyReport, { trusted }: { trusted: boolean }): void {
  const { findings, ok, records, root, signed, size, warnings, witnessed } = report
  for (const one of findings) printLine(sentenceOf(one))
  for (const one of warnings) printLine(`Warning: ${sentenceOf(one)}`)
  printLine(`${ok ? 'Verified' : 'NOT verified'}: ${size} records, root ${root}.`)
  const counts = Object.entries(records).filter(([, count]) => count > 0)
  printLine(`Records: ${counts.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'}. Signed: ${signed}.`)
  if (witnessed !== undefined)
    printLine(
      `Witnessed: ${witnessed.size}, at ${isoMicros(witnessed.seconds * 1_000_000)}, by ${witnessed.by.join(', ')}.`,
    )
  if (!trusted)
    printLine('Without --policy the keys are those that the log itself names: whoever rewrote all of it is not found.')
}

function sentenceOf({ code, do: mend, file, offset, seq, what }: Finding): string {
  const record = seq === undefined ? '' : `record ${seq}: `
  return `${code}: ${record}${what} (${file}${offset === undefined ? '' : `, byte ${offset}`}). ${mend}`
}
