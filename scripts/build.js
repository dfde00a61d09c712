// @ts-check
// `npm run build`: compiles even where dist/ looks current, and leaves nothing of sources that are gone.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.js'

for (const name of ['.built', 'src', 'examples']) {
  rmSync(join(import.meta.dirname, '..', 'dist', name), { recursive: true, force: true })
}
await bootstrap()
