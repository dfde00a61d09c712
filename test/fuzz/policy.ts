// `npm run fuzz:policy`: random texts for everything that reads what a caller or an author of a policy wrote.
//   npm run fuzz:policy [-- --seconds 600] [-- --seed 1]
import { parseArgs } from 'node:util'
import { allReaders } from '../support/policy.ts'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const seconds = Number(values.seconds ?? 60)

const { counts, slowest, found } = await fuzz({ seed, seconds, readers: await allReaders() })
const lines = [...counts].map(([name, count]) => {
  const ms = slowest.get(name)
  return `${name.padEnd(22)}${String(count).padStart(9)}${ms === undefined ? '' : `   ${ms.toFixed(1)} ms at most`}`
})
process.stdout.write(`seed ${seed}, ${seconds} s\n${lines.join('\n')}\n`)
for (const { what, language, text } of found) {
  process.stdout.write(`\n${language}: ${what}\n${JSON.stringify(text)}\n`)
  process.exitCode = 1
}
