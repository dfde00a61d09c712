// A real browser, for what only a browser can say: what a page becomes once its script has run under its policy.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { needPackages } from './system-package.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The document of a local file after its script ran, and what the browser said meanwhile. */
export async function openInBrowser(file: string, folder: string): Promise<{ dom: string; said: string }> {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr', '--virtual-time-budget=3000']
  const { stdout, stderr } = await promisify(execFile)(
    browser(),
    [...args, `--user-data-dir=${join(folder, 'profile')}`, '--dump-dom', file],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return {
    dom: stdout,
    said: stderr
      .split('\n')
      .filter((line) => line.includes('CONSOLE'))
      .join('\n'),
  }
}

/** Installs a browser where there is none. */
export function needBrowser(): void {
  needPackages(() => findBrowser() !== undefined, ['chromium'])
}

function browser(): string {
  const found = findBrowser()
  if (found === undefined) throw new Error('This test needs a browser: call needBrowser before it')
  return found
}

function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}
