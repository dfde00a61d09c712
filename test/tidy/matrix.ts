// Which folder may import which. The table is the architecture; the code below only reads it.
import { posix } from 'node:path'
import { COMPUTED, importsOf } from './code.ts'
import type { SourceFile } from './files.ts'

/** Computes and knows no file, socket, clock or chance: hashing is as pure as adding. */
const PURE = ['node:crypto', 'node:util']
const DOMAIN = [
  'protocol',
  'identity',
  'session',
  'approval',
  'facts',
  'policy',
  'limits',
  'masking',
  'audit',
  'recording',
  'credentials',
  'transport',
  'upstream',
  'downstream',
  'alerts',
  'search',
]
/** Composition roots: `cli` builds objects, `config` reads what they are built from, `demo` is a world of its own. */
const ANYTHING = 'anything'

/** Per folder of src/: other folders, single files of them, `node:` modules and packages. `node:*`: all of Node. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof ANYTHING>> = {
  base: [...PURE, 'node:buffer'],
  protocol: ['base'],
  identity: ['base', 'protocol', 'node:*', 'jose', 'undici', 'openid-client'],
  session: ['base', 'protocol', 'identity'],
  approval: ['base', 'protocol', 'identity', ...PURE],
  notify: ['base', 'approval', 'node:crypto', 'nodemailer'],
  facts: ['base', 'protocol', ...PURE, 'unbash', 'libpg-query', '@polyglot-sql/sdk'],
  policy: [
    'base',
    'protocol',
    'identity',
    'session',
    'approval',
    'facts',
    'masking',
    ...PURE,
    'yaml',
    'ajv',
    '@marcbachmann/cel-js',
    're2js',
  ],
  limits: ['base', 'policy'],
  inspection: ['base', 'facts', 'policy', 'node:path', 'node:worker_threads'],
  masking: ['base', 'protocol', ...PURE, 're2js', 'watr'],
  audit: ['base', 'masking', ...PURE],
  recording: ['base', 'masking', 'audit'],
  alerts: ['base', 'audit', 'recording', 'identity', 'session'],
  search: ['base', 'audit', 'recording', 'identity', 're2js'],
  witness: ['base', 'audit', 'node:*'],
  anchors: ['base', 'audit', 'witness', 'node:*', 'aws4fetch', '@sigstore/core'],
  credentials: ['base', 'protocol', 'identity', 'node:*'],
  transport: ['base', 'protocol', 'node:*', 'undici'],
  upstream: ['base', 'protocol', 'transport', 'policy', 'masking', 'credentials', 'audit'],
  connector: ['base', 'protocol', 'transport', 'node:*'],
  downstream: ['base', 'protocol', 'identity', 'node:*'],
  gateway: ['base', ...DOMAIN],
  store: [
    'base',
    'audit',
    'recording',
    'search',
    'credentials',
    'session',
    'approval',
    'notify',
    'limits',
    'masking',
    'witness',
    'node:*',
  ],
  'console-api': ['base', 'gateway', 'approval', 'session', 'audit', 'recording', 'search'],
  config: ANYTHING,
  cli: ANYTHING,
  demo: ANYTHING,
}

/**
 * Files that may load what is named at run time. The writer's thread can be handed a disk that fails: tests of crashes
 * need it inside the thread, and nothing but a test sets it.
 */
const LOADS_BY_NAME = ['src/store/segments/writer-worker.ts']

/** These build things; who is built does not reach back for the builder. The demo is started by `cli` and starts its gateway. */
const IMPORTED_BY: Readonly<Record<string, readonly string[]>> = { cli: ['demo'], demo: ['cli'] }

/** `src/policy/bad.ts -> gateway/carry.ts` for every import that the table does not allow. */
export function forbiddenImports(file: SourceFile): string[] {
  const folder = folderOf(file.path)
  return importsOf(file.text)
    .map((to) => (to.startsWith('.') ? posix.relative('src', posix.join(posix.dirname(file.path), to)) : to))
    .filter((to) => !(to === COMPUTED ? LOADS_BY_NAME.includes(file.path) : mayImport(folder, to)))
    .map((to) => `${file.path} -> ${to}`)
}

/** First folder below src/. */
export function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function mayImport(folder: string, to: string): boolean {
  const allowed = MAY_IMPORT[folder]
  if (allowed === undefined) return false
  if (to.startsWith('node:')) return allowed === ANYTHING || allowed.includes(to) || allowed.includes('node:*')
  const target = targetOf(to)
  if (target === folder) return true
  const importers = IMPORTED_BY[target]
  if (importers !== undefined) return importers.includes(folder)
  return allowed === ANYTHING || allowed.includes(target)
}

/** `gateway/carry.ts` -> `gateway`; `ajv/dist/2020.js` -> `ajv`; `@scope/name/x.js` -> `@scope/name`. */
function targetOf(to: string): string {
  const [first = '', second = ''] = to.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}
