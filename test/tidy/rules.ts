// House rules that a search can enforce, each with what to do instead.
import { codeLinesOf, codeOf } from './code.ts'
import { isTest } from './files.ts'
import type { SourceFile } from './files.ts'

const CODE_LINES_MAX = 250

interface Ban {
  readonly name: string
  readonly pattern: RegExp
  readonly instead: string
  /** Where the rule holds. */
  readonly in: (path: string) => boolean
}

const inSource = (path: string) => path.startsWith('src/') && !isTest(path)
const inSourceBut =
  (...allowed: readonly string[]) =>
  (path: string) =>
    inSource(path) && !allowed.some((start) => path.startsWith(start))

/** Folders that compute: same input, same output, at once. */
const inPure = (path: string) => inSource(path) && /^src\/(?:policy|masking|protocol|facts)\//.test(path)

/** Parsers are loaded once, before anything is read: the only waiting there is. What they read then, they read at once. */
const LOADING = /^src\/facts\/sql\/(?:postgres|generic)\/(?:engine|read-\w+|[\w-]+\.d)\.ts$/

/** Searched in code without comments and without what stands between quotes. */
export const BANS: readonly Ban[] = [
  {
    name: 'JSON.parse',
    pattern: /\bJSON\s*\.\s*parse\b/,
    instead: 'use base/json.ts, which refuses duplicate keys',
    in: inSourceBut('src/base/json.ts'),
  },
  {
    name: 'the clock',
    pattern: /\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\s*\)/,
    instead: 'use base/clock.ts, or let the caller hand in `now`',
    in: inSourceBut('src/base/clock.ts'),
  },
  {
    name: 'chance',
    pattern: /\bMath\.random\b/,
    instead: 'use node:crypto: an id that can be guessed is a hole',
    in: inSource,
  },
  {
    name: 'console',
    pattern: /\bconsole\s*\./,
    instead: 'use the log, or write to process.stdout in cli/',
    in: inSource,
  },
  {
    name: 'the environment',
    pattern: /\bprocess\s*\.\s*env\b/,
    instead: 'read it in config/ or cli/ and hand the value in',
    in: inSourceBut('src/config/', 'src/cli/', 'src/transport/', 'src/demo/'),
  },
  {
    name: 'ending the process',
    pattern: /\bprocess\s*\.\s*(?:exit|abort)\b/,
    // In a worker it ends the thread, not the process.
    instead: 'throw, and let cli/ decide',
    in: (path) => inSourceBut('src/cli/', 'src/demo/')(path) && !path.endsWith('-worker.ts'),
  },
  {
    name: 'a hidden import',
    pattern: /\bcreateRequire\b|\brequire\s*\(|\bgetBuiltinModule\b|\beval\s*\(|\bnew Function\b/,
    instead: 'import it, so that the architecture test sees it',
    in: inSource,
  },
  {
    name: 'a test that does not run, or runs alone',
    pattern:
      /\b(?:it|test|describe|suite)\b(?:\.\w+)*\.(?:only|skip|todo|skipIf|runIf)\b|\b(?:xit|xdescribe|fit|fdescribe)\s*\(/,
    instead: 'mend it or remove it',
    in: isTest,
  },
  {
    name: 'opening what is sealed',
    pattern: /\b(?:Sealed|Unmasked|Secret)\s*(?:\.\s*open\b|\[)/,
    instead: 'only masking, credentials and the injection in upstream may look inside',
    in: inSourceBut('src/masking/', 'src/credentials/', 'src/upstream/'),
  },
  {
    name: 'issuing a receipt',
    pattern: /\bReceipt\s*(?:\.\s*issue\b|\[)/,
    instead: 'only the log may say that an entry is durable',
    in: inSourceBut('src/store/', 'src/audit/'),
  },
  {
    name: 'issuing a claim',
    pattern: /\bClaim\s*(?:\.\s*issue\b|\[)/,
    instead: 'only the desk may say that people agreed to a call',
    in: inSourceBut('src/approval/'),
  },
  {
    name: 'sealing as masked',
    pattern: /\bMasked\s*(?:\.\s*seal\b|\[)/,
    instead: 'call a function of masking/masked.ts',
    in: (path) => /^(?:src|test)\//.test(path) && path !== 'src/masking/masked.ts',
  },
  {
    name: 'waiting in a pure folder',
    pattern:
      /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bsetInterval\b|\bfetch\s*\(|\brandomBytes\b|\brandomUUID\b/,
    instead: 'let the edge load first and hand the value in',
    in: (path) => inPure(path) && !LOADING.test(path),
  },
  {
    name: 'module-level state',
    pattern:
      /^(?:export )?(?:let|var) |^(?:export )?const \w+(?:: [^=]+)? = new (?:Map|Set|WeakMap|WeakSet)(?:<[^()]*>)?\(\)/m,
    instead: 'make it a field of something that cli/ constructs',
    in: inSource,
  },
  {
    name: 'a barrel or a default export',
    pattern: /^export \* from|^export default\b/m,
    instead: 'name what is exported and import it from where it is',
    in: (path) => inSource(path) || path.startsWith('bench/'),
  },
]

/** Text that stands nowhere in the repository: places of one machine, and secrets that a scanner would take for real. */
export const FOREIGN: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'a path of one machine', pattern: /(?<![\w./-])\/(?:work|root|home\/\w+\/work|tmp\/brief)\/(?=\w)/ },
  { name: 'a key of AWS', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { name: 'a token of GitHub', pattern: /\bgh[oprsu]_\w{36}\b|\bgithub_pat_\w{22}/ },
  { name: 'a key of Stripe', pattern: /\b[rs]k_live_\w{16}/ },
  { name: 'a token of Slack', pattern: /\bxox[abeprs]-\d{8,}-/ },
  { name: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/]{40}/ },
]

/** Every house rule that the file breaks, as sentences. */
export function brokenRules(file: SourceFile): string[] {
  return [...brokenBans(file), ...brokenSize(file), ...leftovers(file), ...foreignText(file)]
}

/** For files that are not code: only what may stand nowhere. */
export function foreignText({ path, text }: SourceFile): string[] {
  return FOREIGN.filter(({ pattern }) => pattern.test(text)).map(({ name }) => `${path}: contains ${name}`)
}

function brokenBans({ path, text }: SourceFile): string[] {
  const code = codeOf(text, { strings: 'blank' })
  return BANS.filter((ban) => ban.in(path) && ban.pattern.test(code)).map(
    (ban) => `${path}: ${ban.name}; ${ban.instead}`,
  )
}

function brokenSize({ path, text }: SourceFile): string[] {
  const lines = codeLinesOf(text)
  const tooLong = lines > CODE_LINES_MAX ? [`${path}: ${lines} lines of code; split it by idea`] : []
  const barrel = /(?:^|\/)index\.[jt]s$/.test(path) ? [`${path}: a barrel; import from where it is`] : []
  return [...tooLong, ...barrel]
}

const UNFINISHED = new RegExp('\\b(?:TODO|FIXME|XXX|HACK)\\b')

/** Comments are searched too here, strings are not. */
function leftovers({ path, text }: SourceFile): string[] {
  const said = text.replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
  const found: string[] = []
  if (UNFINISHED.test(said)) found.push(`${path}: an unfinished thing; finish it or write it down`)
  if (/@ts-(?:ignore|nocheck)\b/.test(said)) found.push(`${path}: the compiler silenced; say what it does not see`)
  if (/\b(?:oxlint|eslint)-disable(?!.*--\s*\w)/.test(said)) found.push(`${path}: a lint rule off without a reason`)
  return found
}
