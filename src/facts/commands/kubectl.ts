import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { IMPERSONATION, KUBECTL, KUBECTL_ELSEWHERE, KUBECTL_GLOBALS } from './kubectl-table.ts'
import { has, options, scan, valueOf, type OptionTable, type Scanned } from './options.ts'
import { hostOf, isUrl, k8sOf, reading, type CommandReading } from './reading.ts'
import { both, commandTable, descend, effectOf, nameFlag, pathOf } from './table.ts'

const TABLE = commandTable(KUBECTL)
const ANYWHERE: OptionTable = new Map([...KUBECTL_GLOBALS, ...IMPERSONATION, ...KUBECTL_ELSEWHERE])
/** Options of writes with values, so that a value is not taken for a resource. */
const WRITE_OPTIONS =
  options(`-f= --filename= -k= --kustomize= -l= --selector= --field-selector= -c= --container= -p= --patch= --patch-file=
  --type= --replicas= -o= --output= --dry-run=? --grace-period= --timeout= --image= -i -t --all --force --prune -A
  --all-namespaces --recursive -R --overwrite --now --wait --cascade=? --raw= --record --server-side --from= --restart=`)

/** Reads the words after `kubectl` or `oc`. */
export function readKubectl(words: readonly Word[]): CommandReading {
  const place = descend(words, TABLE, { globals: ANYWHERE, globalsAnywhere: true })
  const own = scan(words, tablesOf(place.entry?.options, place.entry?.verbs), { from: place.at })
  const scanned = both(place.before, own)
  const effect = effectOf(place.entry, scanned)
  const extra = extraEffect(scanned, place.path)
  const { urls, files } = manifests(scanned, place.path)
  const fetched = urls.length > 0
  const read = reading({
    verbs: [...effect.verbs, ...extra.verbs, ...(fetched ? (['network', 'write'] as const) : [])],
    flags: [
      ...effect.flags,
      ...extra.flags,
      ...(fetched ? ['apply_url'] : []),
      ...nameFlag('kubectl', pathOf(place, words)),
    ],
    inner: innerOf(place.path, words, place.at),
    reads: files,
    urls,
    hosts: urls.map(hostOf),
  })
  const [resource = '', name = ''] = resourceOf(own.words)
  const all = has(scanned, '--all', '-A', '--all-namespaces')
  const namespace = valueOf(scanned, '-n', '--namespace')
  return { ...read, k8s: k8sOf(read, { verb: place.path, resource, name, namespace, all }) }
}

/** What `-f` names; with `logs` it is another option. */
function manifests(scanned: Scanned, path: string): { urls: readonly string[]; files: readonly string[] } {
  if (path === 'logs' || path === 'log') return { urls: [], files: [] }
  const named = scanned.found.filter(({ name }) => ['-f', '--filename', '-k', '--kustomize'].includes(name))
  // One option may name several, with commas.
  const all = named.flatMap(({ value }) => (value ?? '').split(',')).filter((file) => file !== '' && file !== '-')
  return { urls: all.filter(isRemote), files: all.filter((file) => !isRemote(file)) }
}

function tablesOf(own: OptionTable | undefined, verbs: readonly ShellVerb[] | undefined): readonly OptionTable[] {
  const tables = own === undefined ? [ANYWHERE] : [own, ANYWHERE]
  return verbs?.includes('read') === true ? tables : [...tables, WRITE_OPTIONS]
}

/** kustomize takes `github.com/owner/repo` for a URL too. */
function isRemote(file: string): boolean {
  return isUrl(file) || /^(?:git@|[\w-]+(?:\.[\w-]+)+\/[\w-]+\/)|\?ref=/.test(file)
}

/** Sub-commands that print resources. */
const SHOWS: ReadonlySet<string> = new Set(['get', 'describe', 'apply view-last-applied'])

/** What options do that are the same for every sub-command, and what a resource is worth. */
function extraEffect(scanned: Scanned, path: string): { verbs: readonly ShellVerb[]; flags: readonly string[] } {
  const verbs: ShellVerb[] = []
  const flags: string[] = []
  if (scanned.found.some(({ name }) => IMPERSONATION.has(name))) {
    verbs.push('admin')
    flags.push('impersonation')
  }
  if (scanned.found.some(({ name }) => KUBECTL_ELSEWHERE.has(name))) verbs.push('unknown')
  // Templates and columns from a file: the file is shown in the error, if nothing else.
  if (scanned.found.some(({ name, value }) => (name === '-o' || name === '--output') && /file/i.test(value ?? '')))
    verbs.push('unknown')
  if (SHOWS.has(path) && scanned.words.some(isSecret)) {
    verbs.push('admin')
    flags.push('secrets')
  }
  if (SHOWS.has(path) && hasPatternForKind(scanned.words)) verbs.push('unknown')
  // The kinds in a file, in standard input or on a list of strangers are not known here.
  if (path === 'get' && has(scanned, '-f', '--filename')) verbs.push('unknown')
  return { verbs, flags }
}

/** `secret`, `pods,secrets`, `secret/x`, `secrets.v1.`: names of kinds are folded to lower case. */
function isSecret(word: string): boolean {
  return word.split(',').some((part) => /^secrets?(?:$|[./])/i.test(part.trim()))
}

/** A folder called `secrets` turns `s*` into that kind. What stands behind a kind is a name, unless it has a slash. */
function hasPatternForKind(words: readonly string[]): boolean {
  return words
    .filter((word, i) => i === 0 || word.includes('/'))
    .some((word) => word.split(',').some((part) => /^[^/]*[*?]/.test(part)))
}

function resourceOf(words: readonly string[]): readonly string[] {
  const [first = '', second = ''] = words
  const at = first.indexOf('/')
  return at < 0 ? [first.toLowerCase(), second] : [first.slice(0, at).toLowerCase(), first.slice(at + 1)]
}

const EXEC_OPTIONS =
  options(`-i --stdin -t --tty -it -q --quiet -c= --container= -f= --filename= --pod-running-timeout= --shell= -T
  --image= --restart= --rm --command -l= --labels= --env= -e= --port= --overrides= --attach --target= --copy-to=
  --profile= --share-processes --same-node --replace --set-image= --dry-run=? -o= --output= --privileged --leave-stdin-open`)

/** After `--`, or after the pod: older versions take the command without `--`. */
function innerOf(path: string, words: readonly Word[], at: number): readonly Word[] | undefined {
  if (!['exec', 'debug', 'run', 'rsh'].includes(path)) return undefined
  const dashes = words.indexOf('--', at)
  if (dashes >= 0) return words.slice(dashes + 1)
  if (path !== 'exec' && path !== 'rsh') return undefined
  const pod = scan(words, [EXEC_OPTIONS, ANYWHERE], { from: at, stopAtWord: true })
  const command = words.slice(pod.end + 1)
  return pod.strange.length === 0 && command.length > 0 ? command : undefined
}
