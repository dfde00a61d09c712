#!/usr/bin/env node
// Plain JavaScript that every Node can read, so that an old one gets a sentence instead of a syntax error.
import { existsSync } from 'node:fs'

const MAIN = new URL('../dist/src/cli/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < 24) {
  // In a checkout there is one, installed with the packages; npx finds it.
  const hasOwn = existsSync(new URL('../node_modules/.bin/node', import.meta.url))
  console.error(
    'Sallyport needs Node 24 or newer, and this is ' +
      process.version +
      (hasOwn ? '. Here, npx sallyport runs it with the right one' : '. Install a newer one from https://nodejs.org'),
  )
  process.exit(3)
}
if (!existsSync(MAIN)) {
  console.error(
    'This checkout is not compiled yet: run npm start (which compiles and starts the demo) or npm run build',
  )
  process.exit(3)
}
await import(MAIN.href)
