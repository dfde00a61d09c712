// @ts-check
// `npm start`: the demo, from a fresh clone.
import { join } from 'node:path'
import { bootstrap } from './bootstrap.js'
import { become } from './lib/run.js'

const { root, node } = await bootstrap()
// A larger young generation costs a few MiB and saves collector time under load; Node takes less by itself where the
// machine has little memory.
const flags = ['--max-semi-space-size=64']
become(node, [...flags, join(root, 'dist', 'src', 'cli', 'main.js'), 'demo', ...process.argv.slice(2)])
