import { spawnSync } from 'node:child_process'

/**
 * Makes sure that a program is there which no npm package carries: installs packages of Debian where we may. Throws with the
 * command that does where we may not; nothing is skipped.
 */
export function needPackages(isThere: () => boolean, packages: readonly string[]): void {
  if (isThere()) return
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  if (process.getuid?.() === 0 && runs('apt-get', ['--version'])) {
    spawnSync('apt-get', ['update'], { stdio: 'ignore' })
    spawnSync('apt-get', command.slice(1), { stdio: 'ignore' })
  }
  if (!isThere()) throw new Error(`This test needs ${packages.join(' and ')}. Install them: ${command.join(' ')}`)
}

export function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
