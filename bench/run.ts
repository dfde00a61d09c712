// `npm run bench`: what Sallyport costs, beside a direct call and the barest proxy, in one run.
//   npm run bench [-- --quick] [-- --json]     calls
//   npm run bench -- streams [--json]          idle streams and slow clients: memory
//   npm run bench -- policy [--json]           decisions: microseconds
//   npm run bench:search [-- --quick]         the search index: 10 million records, or one
//     [--records N] [--folder DIR] [--seconds N]   so many; kept there, and gone on with; filled for so long at most
//   npm run bench -- masking-hostile [--json]  messages made to be slow: milliseconds per KiB
//   npm run bench -- log [--quick] [--json]     the log alone: records a second, a restart with ten million
//   npm run bench -- retention [--quick] [--records N]   sealed records: bytes, and how long it takes that all expire
//   npm run bench -- approvals [--quick]        calls that wait for people: CPU and memory
//   npm run bench -- masking [--json]          messages looked through and masked: multiples of parsing them
import { parseArgs } from 'node:util'
import { measureApprovals, printedApprovals } from './approvals.ts'
import { compare } from './compare.ts'
import { measureLog, printedLog } from './log.ts'
import { measureMasking, printedMasking } from './masking.ts'
import { measureHostile, printedHostile } from './masking-hostile.ts'
import { measurePolicy, printedPolicy } from './policy.ts'
import { printed, verdicts } from './report.ts'
import { measureRetention, printedRetention } from './retention.ts'
import { measureSearch, printedSearch } from './search.ts'
import { measureStreams, printedStreams } from './streams.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    // Of the search index; the number of records of retention too.
    records: { type: 'string' },
    folder: { type: 'string' },
    seconds: { type: 'string' },
  },
})
// Ending through `exit` takes the programs along that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Progress goes to standard error, so that standard output is the report alone. */
const tell = (line: string): void => console.error(line)

const plan = values.quick === true ? { rounds: 3, seconds: 1.5 } : { rounds: 5, seconds: 4 }

if (positionals[0] === 'streams') {
  const measured = await measureStreams(tell, values.quick === true)
  console.log(values.json === true ? JSON.stringify(measured) : printedStreams(measured))
} else if (positionals[0] === 'policy') {
  const measured = await measurePolicy(tell)
  console.log(values.json === true ? JSON.stringify(measured) : printedPolicy(measured))
} else if (positionals[0] === 'search') {
  const measured = await measureSearch(tell, {
    records: Number(values.records ?? (values.quick === true ? 1_000_000 : 10_000_000)),
    folder: values.folder,
    seconds: Number(values.seconds ?? Infinity),
  })
  if (measured !== undefined) console.log(values.json === true ? JSON.stringify(measured) : printedSearch(measured))
} else if (positionals[0] === 'masking') {
  const measured = measureMasking(tell)
  console.log(values.json === true ? JSON.stringify(measured) : printedMasking(measured))
} else if (positionals[0] === 'log') {
  const measured = await measureLog(tell, values.quick === true)
  console.log(values.json === true ? JSON.stringify(measured) : printedLog(measured))
} else if (positionals[0] === 'masking-hostile') {
  const measured = measureHostile(tell)
  console.log(values.json === true ? JSON.stringify(measured) : printedHostile(measured))
} else if (positionals[0] === 'approvals') {
  const measured = await measureApprovals(tell, values.quick === true)
  console.log(values.json === true ? JSON.stringify(measured) : printedApprovals(measured))
} else if (positionals[0] === 'retention') {
  const measured = await measureRetention(tell, Number(values.records ?? (values.quick === true ? 20_000 : 1_000_000)))
  console.log(values.json === true ? JSON.stringify(measured) : printedRetention(measured))
} else if (positionals.length === 0) {
  const measured = await compare(plan, tell)
  console.log(
    values.json === true ? JSON.stringify({ ...measured, verdicts: verdicts(measured) }) : `\n${printed(measured)}`,
  )
} else {
  console.error(
    `There is no benchmark "${positionals[0]}". There are: the calls (no name), streams, policy, approvals, log, search, masking, masking-hostile and retention.`,
  )
  process.exitCode = 2
}
