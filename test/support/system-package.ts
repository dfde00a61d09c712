import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Milliseconds that installing may take: a hook that calls `needPackages` has to allow for them. */
export const INSTALL_MS = 300_000

/**
 * Makes sure that a program is there which no npm package carries: installs packages of Debian where we may. Throws with the
 * command that does where we may not; nothing is skipped.
 */
export function needPackages(isThere: () => boolean, packages: readonly string[]): void {
  if (isThere()) return
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() === 0 && runs('apt-get', ['--version'])) {
    // Only one installs at a time, and whoever waited for another finds its packages there.
    const lock = join(tmpdir(), 'sallyport-packages.lock')
    const installing = spawnSync('flock', [lock, 'sh', '-c', `apt-get update; ${command}`], { encoding: 'utf8' })
    if (!isThere()) process.stderr.write(`${installing.stdout}${installing.stderr}${installing.error?.message ?? ''}\n`)
  }
  if (!isThere()) throw new Error(`This test needs ${packages.join(' and ')}. Install them: ${command}`)
}

export function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
