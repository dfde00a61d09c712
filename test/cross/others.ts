// Runs verifiers that others wrote, or that are written in another language. What is missing on a machine is installed by the
// system's package manager where that is allowed, and said with its command where it is not.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../support/process.ts'
import { needPackages, runs } from '../support/system-package.ts'

/** Where Debian's packages of Go libraries are: no module proxy is asked. */
const GOPATH = '/usr/share/gocode'
const GO_PACKAGES = ['golang-go', 'golang-golang-x-mod-dev']
const PYTHON_PACKAGES = ['python3', 'python3-cryptography', 'zstd']

export interface Said {
  readonly ok: boolean
  readonly error?: string
  readonly [key: string]: unknown
}

/** The program of test/cross/main.go, built; `run` gives what it prints. */
export function buildGo() {
  const library = join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog')
  needPackages(() => runs('go', ['version']) && existsSync(library), GO_PACKAGES)
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-go-'))
  const program = join(folder, 'check')
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '' },
  })
  return {
    run: (...args: readonly string[]): Said => JSON.parse(execFileSync(program, args, { encoding: 'utf8' })),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface PythonSaid {
  readonly code: number | null
  readonly ok: boolean
  readonly logs: readonly (Readonly<Record<string, unknown>> | null)[]
  readonly unchecked: readonly string[]
  readonly findings: readonly { readonly code: string; readonly seq: number | null }[]
}

/** Whether the `cryptography` of this machine checks ML-DSA-44: distributions have older ones, and `verify.py` then says so. */
export function pythonKnowsMlDsa(): boolean {
  needPackages(() => runs('python3', ['-c', 'import cryptography']), PYTHON_PACKAGES)
  return runs('python3', ['-c', 'from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey'])
}

/** `tools/verify.py --json` over a folder or a bundle. */
export function verifyInPython(folder: string, ...args: readonly string[]): PythonSaid {
  needPackages(() => runs('python3', ['-c', 'import cryptography']) && runs('zstd', ['--version']), PYTHON_PACKAGES)
  const done = spawnSync('python3', [join(root, 'tools/verify.py'), folder, '--json', ...args], { encoding: 'utf8' })
  if (done.stdout === '') throw new Error(`verify.py ended with ${done.status}\n${done.stderr}`)
  return { code: done.status, ...JSON.parse(done.stdout) }
}
