// @ts-check
// `npm run check`: what should pass before every commit; under two minutes.
import { runSuites } from './lib/suites.js'

process.exitCode = await runSuites(['types', 'types of scripts', 'lint', 'format', 'knip', 'tidy', 'unit of src'])
