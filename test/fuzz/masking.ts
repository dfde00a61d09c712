// `npm run fuzz:masking`: random messages with planted values, masked by random rules. Whatever it prints is made up.
//   npm run fuzz:masking [-- --minutes 10] [-- --seed 1] [-- --faults 1]
import { parseArgs } from 'node:util'
import { fuzzMasking } from './fuzz-masking.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, faults: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const minutes = Number(values.minutes ?? 10)

const faultsMax = Number(values.faults ?? 1)
const { messages, outcomes, brokenOutcomes, slowest, found } = fuzzMasking({ seed, seconds: minutes * 60, faultsMax })
const names = [...new Set([...outcomes.keys(), ...brokenOutcomes.keys()])]
const row = (name: string, ...counts: (number | string | undefined)[]): string =>
  name.padEnd(22) + counts.map((count) => String(count ?? 0).padStart(10)).join('')
const lines = [
  `seed ${seed}, ${minutes} min: ${messages} messages, the slowest ${slowest.toFixed(2)} ms per KiB`,
  row('', 'whole', 'broken'),
  ...names.map((name) => row(name, outcomes.get(name), brokenOutcomes.get(name))),
]
process.stdout.write(`${lines.join('\n')}\n`)
for (const { what, round, rules, message } of found) {
  process.stdout.write(`\nmessage ${round}, rules ${rules}\n${what}\n${JSON.stringify(message)}\n`)
  process.exitCode = 1
}
