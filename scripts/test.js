// @ts-check
// `npm test`: everything, from a fresh clone. `npm test -- unit threats` runs only the suites named.
import { runSuites } from './lib/suites.js'

const ALL = [
  'build',
  'types',
  'types of scripts',
  'lint',
  'knip',
  'unit',
  'thorough',
  'stories',
  'threats',
  'failures',
  'conformance',
]

const asked = process.argv.slice(2)
process.exitCode = await runSuites(asked.length > 0 ? asked : ALL)
