// @ts-check
// `npm start`: the demo, from a fresh clone.
import { join } from 'node:path'
import { bootstrap } from './bootstrap.js'
import { become } from './lib/run.js'

const { root, node } = await bootstrap()
become(node, [join(root, 'dist', 'src', 'cli', 'main.js'), 'demo', ...process.argv.slice(2)])
