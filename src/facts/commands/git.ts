import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { BRANCH_LIST, CONFIG_OPTIONS, GIT_READS, LISTING, TAG_LIST } from './git-reads.ts'
import { GIT_WRITES } from './git-writes.ts'
import { has, isShortFor, options, scan, type OptionTable, type Scanned } from './options.ts'
import { reading, urlsIn, type CommandReading } from './reading.ts'
import { commandTable, descend, effectOf, nameFlag, pathOf, type Effect, type Entry, type Place } from './table.ts'

const TABLE = commandTable(GIT_WRITES, GIT_READS)

/** `--git-dir`, `--work-tree` and `--bare` choose whose configuration is read, and so which programs are started. */
const GLOBALS =
  options(`-C= -c= --config-env= --exec-path=? --html-path --man-path --info-path -P --no-pager --version -v
  --help -h --no-replace-objects --no-lazy-fetch --no-optional-locks --no-advice --literal-pathspecs --glob-pathspecs
  --noglob-pathspecs --icase-pathspecs`)

/** Keys of `-c` that start no program, load no file and lift no guard. */
const HARMLESS_KEY =
  /^(?:(?:color\.[\w.-]+|core\.(?:quotepath|abbrev)|log\.(?:date|decorate)|diff\.(?:renames|algorithm|colormoved)|advice\.\w+|column\.\w+|user\.(?:name|email)|init\.defaultbranch)(?:=|$)|(?:commit\.gpgsign=false|core\.pager=cat)$)/i

/** Keys of the configuration that hold credentials. */
const SECRET_KEY = /extraheader|password|token|secret|credential|cookie/i

/** Reads the words after `git`. */
export function readGit(words: readonly Word[]): CommandReading {
  const place = descend(words, TABLE, { globals: GLOBALS })
  const rest = words.slice(place.at)
  const known = rest.filter((word) => word !== undefined)
  const read = judge(place, rest, known)
  const globals = globalEffect(place.before, place)
  const connects = read.verbs.includes('network') || /^(?:remote|archive|submodule)/.test(place.path)
  const isRead = !place.path.startsWith('config') && read.verbs.every((verb) => verb === 'read' || verb === 'unknown')
  return reading({
    verbs: [...read.verbs, ...globals.verbs, ...(connects ? transportVerbs(known) : [])],
    flags: [...(read.flags ?? []), ...globals.flags, ...nameFlag('git', pathOf(place, words))],
    inner: read.inner,
    reads: isRead ? filesIn(place.path, known) : [],
    writes: read.writes ?? [],
    ...(connects ? urlsIn(known) : {}),
  })
}

interface Judged extends Effect {
  readonly verbs: readonly ShellVerb[]
  readonly inner?: readonly Word[]
  readonly writes?: readonly string[]
}

function judge(place: Place, rest: readonly Word[], known: readonly string[]): Judged {
  const special = SPECIAL.get(place.path)
  if (special !== undefined) return special(rest, known, place.entry)
  if (
    place.path === '' &&
    has(place.before, '--version', '-v', '--help', '-h', '--html-path', '--man-path', '--info-path')
  )
    return { verbs: rest.length === 0 ? ['read'] : ['unknown'] }
  return plain(place.entry, rest)
}

function plain(entry: Entry | undefined, rest: readonly Word[]): Judged {
  const scanned = scan(rest, entry === undefined ? [] : [entry.options])
  return effectOf(entry, scanned, true)
}

/** As `plain`, with another table of options and `read` as the verb. */
function readWith(table: OptionTable, rest: readonly Word[]): Judged {
  return plain({ verbs: ['read'], options: table, more: new Map() }, rest)
}

function also(judged: Judged, ...verbs: readonly ShellVerb[]): Judged {
  return { ...judged, verbs: [...judged.verbs, ...verbs] }
}

type Special = (rest: readonly Word[], known: readonly string[], entry: Entry | undefined) => Judged

const SPECIAL: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['branch', (rest, _, entry) => listOrMake(rest, BRANCH_LIST, entry)],
  ['tag', (rest, _, entry) => listOrMake(rest, TAG_LIST, entry)],
  ['config', (rest) => configuration(rest)],
  ['config get', (rest) => configuration(['--get', ...rest])],
  ['config list', (rest) => configuration(['--list', ...rest])],
  ['symbolic-ref', symbolicRef],
  ['clean', clean],
  ['archive', archive],
  ['format-patch', (_, known) => ({ verbs: known.includes('--stdout') ? ['unknown'] : ['write'] })],
  ['push', push],
  ['fetch', judgeFetch],
  ['diff', diff],
  ['checkout', checkout],
  ['restore', restore],
  ['rebase', (_, known) => ({ verbs: known.some(isRebaseExec) ? ['write', 'code'] : ['write'] })],
  ['bisect run', (rest) => ({ verbs: ['code'], inner: rest })],
])

/** `git branch` and `git tag` list where nothing is named or an option says so, and create otherwise. */
function listOrMake(rest: readonly Word[], table: OptionTable, entry: Entry | undefined): Judged {
  const list = scan(rest, [table])
  const lists =
    list.found.some(({ name }) => LISTING.includes(name)) || (list.words.length === 0 && (list.rest ?? []).length === 0)
  return lists && list.strange.length === 0 && !list.dynamic ? readWith(table, rest) : plain(entry, rest)
}

/** One name and no action is a look-up; a name and a value sets it, which may start a program later. */
function configuration(rest: readonly Word[]): Judged {
  const scanned = scan(rest, [CONFIG_OPTIONS])
  const flags = scanned.words.some((word) => SECRET_KEY.test(word)) ? ['secrets'] : []
  const action = scanned.found.some(({ name }) => /^(?:--get|--list|-l$)/.test(name))
  const isLookUp =
    action || (scanned.words.length === 1 && scanned.words[0]?.includes('.') === true && scanned.rest === undefined)
  const shown = flags.length > 0 ? (['read', 'admin'] as const) : (['read'] as const)
  if (isLookUp && scanned.strange.length === 0 && !scanned.dynamic) return { verbs: shown, flags }
  return { verbs: isLookUp ? ['unknown'] : ['write'], flags }
}

function symbolicRef(rest: readonly Word[]): Judged {
  const read = readWith(options('--short -q --quiet --recurse --no-recurse'), rest)
  return scan(rest, []).words.length === 1 ? read : { verbs: ['vcs_write', 'write'] }
}

/** `-n` wins over `-f`: nothing is removed. */
function clean(rest: readonly Word[]): Judged {
  const table = options('-n --dry-run -d -f --force -x -X -q --quiet -e= --exclude=')
  return has(scan(rest, [table]), '-n', '--dry-run') ? readWith(table, rest) : { verbs: ['delete'] }
}

const ARCHIVE = options('-l --list -v --verbose --prefix= --format= -# --worktree-attributes')

function archive(rest: readonly Word[], known: readonly string[]): Judged {
  const output = scan(rest, [options('-o= --output='), ARCHIVE]).found.filter(
    ({ name }) => name === '-o' || name === '--output',
  )
  if (output.length > 0) return { verbs: ['write'], writes: output.map(({ value }) => value ?? '') }
  const formats = known.filter((word) => word.startsWith('--format='))
  // Other formats are commands of the configuration (tar.<format>.command).
  const isBuiltIn = formats.every((word) =>
    ['--format=tar', '--format=zip', '--format=tgz', '--format=tar.gz'].includes(word),
  )
  return isBuiltIn ? readWith(ARCHIVE, rest) : { verbs: ['unknown'] }
}

const FORCED = ['--force', '--force-with-lease', '--force-if-includes', '--mirror', '--delete', '--prune'] as const

function push(rest: readonly Word[], known: readonly string[], entry: Entry | undefined): Judged {
  const table = entry?.options ?? new Map()
  const forcing = scan(rest, [
    table,
    options(
      '-f -d --force --force-with-lease=? --force-if-includes --mirror --delete --prune --push-option= -o= --repo=',
    ),
  ])
  const forced =
    has(forcing, '-f', '-d', ...FORCED) ||
    known.some((word) => isShortFor(word, ...FORCED) || '+:'.includes(word.charAt(0))) ||
    forcing.strange.some((word) => /^-[a-zA-Z]*[fd]/.test(word))
  const judged = plain(entry, rest)
  if (forced) return { verbs: [...judged.verbs, 'write'], flags: [...(judged.flags ?? []), 'git_force'] }
  return isElsewhere(forcing) ? also(judged, 'unknown') : judged
}

/** The first word names no remote of the configuration but a place: what leaves, leaves to there. */
function isElsewhere(scanned: Scanned): boolean {
  const to = scanned.words[0] ?? ''
  return /[:\\]|^[./~]|\/\//.test(to)
}

function judgeFetch(rest: readonly Word[], known: readonly string[], entry: Entry | undefined): Judged {
  const judged = plain(entry, rest)
  // A refspec with a right side sets refs of the caller's own.
  if (known.some((word) => /^\+?[^-:][^:]*:[^/]/.test(word) || word.startsWith('+'))) return also(judged, 'write')
  return isElsewhere(scan(rest, [entry?.options ?? new Map()])) ? also(judged, 'unknown') : judged
}

/** Outside of a repository, and for paths outside of it, `git diff` compares any two files. */
function diff(rest: readonly Word[], known: readonly string[], entry: Entry | undefined): Judged {
  const judged = plain(entry, rest)
  return known.some((word) => /^(?:\/|~|\.\.\/)|\/\.\.\//.test(word)) ? also(judged, 'unknown') : judged
}

/** A name may be a path, whose changes are lost; only a new branch is sure to keep them. */
function checkout(rest: readonly Word[], _: readonly string[], entry: Entry | undefined): Judged {
  const judged = plain(entry, rest)
  const scanned = scan(rest, [entry?.options ?? new Map()])
  return has(scanned, '-b', '--orphan') && scanned.rest === undefined ? judged : also(judged, 'write')
}

/** Only the index; with anything else the working tree loses its changes. */
function restore(rest: readonly Word[], _: readonly string[], entry: Entry | undefined): Judged {
  const scanned = scan(rest, [entry?.options ?? new Map()])
  return has(scanned, '-S', '--staged') && scanned.strange.length === 0 ? plain(entry, rest) : { verbs: ['write'] }
}

function isRebaseExec(word: string): boolean {
  return /^-[a-wyzA-Z]*x/.test(word) || isShortFor(word, '--exec')
}

function globalEffect(before: Scanned, place: Place): { verbs: readonly ShellVerb[]; flags: readonly string[] } {
  const flags = before.found.flatMap(({ name, value = '' }) => {
    if (name === '--config-env' || (name === '-c' && !HARMLESS_KEY.test(value))) return ['git_config_override']
    return name === '--exec-path' && value !== '' ? ['git_exec_path'] : []
  })
  const verbs: ShellVerb[] = flags.length > 0 || before.strange.length > 0 || before.dynamic ? ['unknown'] : []
  if (place.path === '' && has(before, '--exec-path')) verbs.push('read')
  return { verbs, flags }
}

/** `ext::sh -c …` and other transport helpers start programs (git-remote-ext(1)). */
function transportVerbs(known: readonly string[]): readonly ShellVerb[] {
  return known.some((word) => /^(?:--[\w-]+=)?[a-z][a-z0-9+.-]*::/i.test(word)) ? ['code'] : []
}

/** Names of files that a read shows: `HEAD:path`, words after `--` or of `blame`, and words that look like a path. */
function filesIn(path: string, known: readonly string[]): readonly string[] {
  const dashes = known.indexOf('--')
  const isPath = (word: string, at: number): boolean =>
    path === 'blame' || path === 'annotate' || (dashes >= 0 && at > dashes) || /[./~]/.test(word)
  return known.flatMap((word, at) => {
    if (word.startsWith('-') || /[^/.]\.\./.test(word)) return []
    const inTree = /^[^:]*:(.+)$/.exec(word)?.[1]
    return inTree ?? (isPath(word, at) ? word : [])
  })
}
