// What is installed is compiled code, one folder deeper than the sources that all other tests run.
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packNames } from '../../src/config/policy-places.ts'
import { root, runProgram } from '../support/process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-compiled-'))
  for (const name of ['node_modules', 'packs', 'package.json']) await symlink(join(root, name), join(folder, name))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const built = await runProgram({ args: [tsc, '-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')] })
  if (built.code !== 0) throw new Error(built.stdout)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

function run(...args: readonly string[]) {
  return runProgram({ args: [join(folder, 'dist/src/cli/main.js'), ...args] })
}

it('the compiled program finds its packs, and they pass their tests', async () => {
  const { stdout } = await run('policy', 'packs')
  expect(stdout.match(/^\S+/gm)).toEqual(packNames())
  const { code } = await run('policy', 'test', join(folder, 'packs/git-safe.yaml'))
  expect(code).toBe(0)
})

it('the compiled program reads SQL of both parsers', async () => {
  expect((await run('facts', 'sql', 'DROP TABLE t')).stdout).toMatch(/verbs +ddl/)
  expect((await run('facts', 'sql', '--dialect', 'sqlite', 'DELETE FROM t')).stdout).toMatch(/where +none/)
})
