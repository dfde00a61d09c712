import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import {
  COMPOSE,
  COMPOSE_OPTIONS,
  DOCKER,
  DOCKER_ELSEWHERE,
  DOCKER_GLOBALS,
  EXEC_OPTIONS,
  RUN_OPTIONS,
} from './docker-table.ts'
import { scan, type OptionTable, type Scanned } from './options.ts'
import { reading, type CommandReading } from './reading.ts'
import {
  both,
  commandTable,
  descend,
  effectOf,
  isQuestion,
  nameFlag,
  pathOf,
  type CommandTable,
  type Effect,
} from './table.ts'

const TABLE = commandTable(DOCKER)
const COMPOSE_TABLE = commandTable(COMPOSE)
const GLOBALS: OptionTable = new Map([...DOCKER_GLOBALS, ...DOCKER_ELSEWHERE])

/** Reads the words after `docker`, `podman` or `nerdctl`. */
export function readDocker(words: readonly Word[]): CommandReading {
  const start = scan(words, [GLOBALS], { stopAtWord: true })
  if (words[start.end] === 'compose' && start.strange.length === 0) {
    return judge({
      words,
      from: start.end + 1,
      table: COMPOSE_TABLE,
      globals: COMPOSE_OPTIONS,
      prefix: 'compose ',
      start,
    })
  }
  return judge({ words, from: 0, table: TABLE, globals: GLOBALS, prefix: '', start })
}

/** Reads the words after `docker-compose`. */
export function readDockerCompose(words: readonly Word[]): CommandReading {
  const start = scan([], [])
  return judge({ words, from: 0, table: COMPOSE_TABLE, globals: COMPOSE_OPTIONS, prefix: 'compose ', start })
}

interface Judging {
  readonly words: readonly Word[]
  readonly from: number
  readonly table: CommandTable
  readonly globals: OptionTable
  readonly prefix: string
  /** What stood before `from`. */
  readonly start: Scanned
}

function judge({ words, from, table, globals, prefix, start }: Judging): CommandReading {
  const place = descend(words, table, { from, globals })
  const runs = runOf(place.path, words, place.at)
  const own = scan(words, place.entry === undefined ? [] : [place.entry.options], { from: place.at })
  const before = prefix === '' ? place.before : both(start, place.before)
  // What follows `--` in `docker run -- image cmd` is the command.
  const effect = effectOf(place.entry, { ...both(before, own), rest: runs === undefined ? own.rest : undefined })
  const extra = extraEffect(prefix === '' ? place.before : start, place.before, runs)
  const flags = [...effect.flags, ...extra.flags, ...nameFlag('docker', `${prefix}${pathOf(place, words)}`)]
  if (isQuestion(place, words)) return reading({ verbs: ['read'], flags })
  const verbs = [...effect.verbs, ...extra.verbs]
  return reading({
    verbs,
    flags,
    inner: runs?.inner,
    reads: filesOf(before, runs?.options),
    writes: cidFile(runs?.options),
  })
}

function extraEffect(docker: Scanned, before: Scanned, runs: Run | undefined): Required<Effect> {
  const verbs: ShellVerb[] = []
  const flags: string[] = []
  if (docker.found.some(({ name }) => DOCKER_ELSEWHERE.has(name))) {
    verbs.push('unknown')
    flags.push('remote')
  }
  // Compose fetches a file from a URL, and then its builds and images.
  if (before.found.some(({ name, value = '' }) => /^(?:-f|--file)$/.test(name) && /:\/\/|^git@/.test(value)))
    verbs.push('unknown')
  if (runs !== undefined && isWayOut(runs.options)) verbs.push('admin')
  return { verbs, flags }
}

interface Run {
  readonly options: Scanned
  readonly inner: readonly Word[] | undefined
}

/** The command that a container is told to run; undefined for sub-commands that run none. */
function runOf(path: string, words: readonly Word[], at: number): Run | undefined {
  const last = path.split(' ').at(-1) ?? ''
  if (
    !['run', 'create', 'exec'].includes(last) ||
    /^(?:volume|network|context|stack|service|secret|config|buildx|manifest)/.test(path)
  )
    return undefined
  const table = last === 'exec' ? EXEC_OPTIONS : RUN_OPTIONS
  const options = scan(words, [table], { from: at, stopAtWord: true })
  const command = words.slice(options.end + 1)
  const entry = options.found.findLast(({ name }) => name === '--entrypoint')?.value
  const inner = entry === undefined ? command : [entry, ...command]
  return { options, inner: options.strange.length > 0 || options.dynamic || inner.length === 0 ? undefined : inner }
}

const WAY_OUT = new Set([
  '--privileged',
  '--cap-add',
  '--device',
  '--device-cgroup-rule',
  '--security-opt',
  '--volumes-from',
  '--use-api-socket',
  '--gpus',
])
const NAMESPACES = new Set(['--pid', '--network', '--net', '--ipc', '--userns', '--uts', '--cgroupns'])

/** The container gets the host, or a way to it: a host path, a host name space, a device, the socket of the daemon. */
function isWayOut({ found, strange }: Scanned): boolean {
  if (strange.length > 0) return true
  return found.some(({ name, value = '' }) => {
    if (WAY_OUT.has(name)) return true
    if (NAMESPACES.has(name)) return value.startsWith('host') || value.startsWith('container:')
    if (name === '-v' || name === '--volume') return /^[/~.\\]|^[a-zA-Z]:/.test(value)
    return name === '--mount' && /type=bind|docker\.sock/.test(value)
  })
}

function filesOf(before: Scanned, run: Scanned | undefined): readonly string[] {
  const found = [...before.found, ...(run?.found ?? [])]
  return found
    .filter(({ name }) => ['--env-file', '--label-file', '-f', '--file'].includes(name))
    .map(({ value }) => value ?? '')
}

function cidFile(run: Scanned | undefined): readonly string[] {
  return (run?.found ?? []).filter(({ name }) => name === '--cidfile').map(({ value }) => value ?? '')
}
