// A gateway whose clock is ahead: by as many milliseconds as a file says, at any moment.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface ClockAhead {
  /** Environment of the program. */
  readonly env: Readonly<Record<string, string>>
  setAhead(ms: number): void
}

/** Its files lie in a folder that is the test's. */
export function clockAhead(folder: string): ClockAhead {
  const file = join(folder, 'ahead')
  const program = join(folder, 'clock.mjs')
  writeFileSync(file, '0')
  writeFileSync(program, `${PATCH}\nDate.now = () => now() + Number(readFileSync(${JSON.stringify(file)}, 'utf8'))\n`)
  return {
    env: { NODE_OPTIONS: `--import=${pathToFileURL(program).href}` },
    setAhead: (ms) => writeFileSync(file, String(ms)),
  }
}

const PATCH = "import { readFileSync } from 'node:fs'\nconst now = Date.now"
