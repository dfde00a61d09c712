import type { ShellVerb } from '../../facts.ts'
import { isDangerousVariable } from '../environment.ts'
import type { Call, Handler, Judge } from '../judge.ts'
import { mayBeOption } from '../marks.ts'
import { has, optionTable, scan, type OptionTable, type Scan } from '../options.ts'

/** A program that runs the command that stands among its own words (guardrails.md, 4.4). */
interface Wrapper {
  readonly options: OptionTable
  /** Words of its own before the command. */
  readonly positional: number
  readonly verbs: readonly ShellVerb[]
  /** Options whose value is a script. */
  readonly scripts: readonly string[]
  /** Variables may stand before the command. */
  readonly takesVariables: boolean
  /** A judge of the wrapper's own options; true where there is nothing more to judge. */
  readonly own: ((result: Scan, call: Call, judge: Judge) => boolean) | undefined
}

interface Shape {
  readonly positional?: number
  readonly verbs?: readonly ShellVerb[]
  readonly scripts?: readonly string[]
  readonly takesVariables?: boolean
  readonly own?: (result: Scan, call: Call, judge: Judge) => boolean
}

function wrapper(options: string, shape: Shape = {}): Wrapper {
  return {
    options: optionTable(options),
    positional: shape.positional ?? 0,
    verbs: shape.verbs ?? [],
    scripts: shape.scripts ?? [],
    takesVariables: shape.takesVariables ?? false,
    own: shape.own,
  }
}

const ADMIN: readonly ShellVerb[] = ['admin']
const CODE: readonly ShellVerb[] = ['code']
/** They change what the command may do or see, so even a read through them is not an ordinary one. */
const UNKNOWN: readonly ShellVerb[] = ['unknown']

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: wrapper(
    '-AbEHiKklnPSsVve -u: -g: -h: -p: -C: -T: -R: -r: -t: -U: -D: -c: --user: --group: --preserve-env:? --login --non-interactive --stdin',
    {
      verbs: ADMIN,
      takesVariables: true,
    },
  ),
  doas: wrapper('-Lns -u: -C: -a:', { verbs: ADMIN }),
  su: wrapper('-lmpP -c: -s: -g: -G: -w: --command: --shell: --login --preserve-environment', {
    verbs: ADMIN,
    scripts: ['-c', '--command'],
    positional: 1,
  }),
  runuser: wrapper('-lmpP -u: -c: -s: -g: -G: --command: --user:', { verbs: ADMIN, scripts: ['-c', '--command'] }),
  pkexec: wrapper('--user: --disable-internal-agent --keep-cwd', { verbs: ADMIN }),
  run0: wrapper('-u: -g: -D: --user: --group: --unit: --property: --description:', { verbs: ADMIN }),
  env: wrapper('-i0v -u: -C: -S: --ignore-environment --null --unset: --chdir: --split-string: --debug', {
    takesVariables: true,
    scripts: ['-S', '--split-string'],
    own: envOptions,
  }),
  nice: wrapper('-n: -# --adjustment:'),
  ionice: wrapper('-t -c: -n: -p: -P: -u: --class: --classdata: --ignore'),
  chrt: wrapper('-abfiormvd -p: -T: -P: -D:', { positional: 1, verbs: UNKNOWN }),
  timeout: wrapper('-vf -s: -k: --signal: --kill-after: --foreground --preserve-status --verbose', { positional: 1 }),
  stdbuf: wrapper('-i: -o: -e: --input: --output: --error:'),
  unbuffer: wrapper('-p'),
  nohup: wrapper(''),
  setsid: wrapper('-cfw --ctty --fork --wait'),
  command: wrapper('-pvV', { own: isLookUp }),
  builtin: wrapper(''),
  exec: wrapper('-cl -a:'),
  time: wrapper('-pvaq -f: -o:w --portability --verbose --format: --output:w --append'),
  flock: wrapper(
    '-senuoxFv -w: -E: -c: --timeout: --shared --exclusive --nonblock --close --unlock --conflict-exit-code: --command: --verbose',
    {
      positional: 1,
      verbs: ['write'],
      scripts: ['-c', '--command'],
    },
  ),
  strace: wrapper('-fFcCqrtTvxyYkiwdDhzZ -e: -o:w -p: -s: -E: -a: -b: -I: -O: -P: -S: -u: -X:', { verbs: UNKNOWN }),
  ltrace: wrapper('-fcCrtTiSbLh -e: -o:w -p: -s: -a: -n: -u: -l: -x:', { verbs: UNKNOWN }),
  perf: wrapper('', { positional: 1, verbs: CODE }),
  chroot: wrapper('--userspec: --groups: --skip-chdir', { positional: 1, verbs: ADMIN }),
  taskset: wrapper('-acp --all-tasks --cpu-list --pid', { positional: 1, verbs: UNKNOWN }),
  numactl: wrapper('-HlsS -i: -N: -C: -m: -p: --hardware --show', { verbs: UNKNOWN }),
  nsenter: wrapper('-amuinpUCTrwWFZ -t: -S: -G: --target: --all --mount:? --net:? --pid:?', { verbs: ADMIN }),
  unshare: wrapper('-muinpUCTfr -S: -G: -R: -w: --fork --map-root-user --mount:? --net:? --pid:?', { verbs: ADMIN }),
  setarch: wrapper('-BFILRSTXZ3v', { positional: 1, verbs: UNKNOWN }),
  parallel: wrapper(
    '-0kmqtuvX -j: -I: -a: -n: -N: -L: -P: -S: --jobs: --bar --dry-run --keep-order --colsep: --results: --halt: --pipe',
    {
      verbs: CODE,
    },
  ),
  'systemd-run': wrapper(
    '-dGPqrSt -p: -u: -H: -M: -E: --user --scope --unit: --property: --pty --wait --on-active: --on-calendar:',
    { verbs: ADMIN },
  ),
  'systemd-inhibit': wrapper('--what: --who: --why: --mode: --list', { verbs: ADMIN }),
  chpst: wrapper('-vVP -u: -U: -b: -e: -/: -C: -n: -l: -L: -m: -d: -o: -p: -f: -c:', { verbs: ADMIN }),
  setpriv: wrapper('--reuid: --regid: --clear-groups --init-groups --no-new-privs', { verbs: ADMIN }),
  capsh: wrapper('--print', { verbs: ADMIN }),
  firejail: wrapper('--quiet --noprofile', { verbs: UNKNOWN }),
  proxychains: wrapper('-q -f:', { verbs: ['network', 'unknown'] }),
  proxychains4: wrapper('-q -f:', { verbs: ['network', 'unknown'] }),
  torsocks: wrapper('-ai', { verbs: ['network', 'unknown'] }),
  sshpass: wrapper('-e -p: -f: -d:', { verbs: UNKNOWN }),
  busybox: wrapper('', { own: (_, { words }) => words.length === 0 }),
  toybox: wrapper(''),
  caffeinate: wrapper('-dimsu -t: -w:'),
  catchsegv: wrapper('', { verbs: UNKNOWN }),
  entr: wrapper('-acdnprsxz', { verbs: CODE }),
  noglob: wrapper(''),
  nocorrect: wrapper(''),
  npx: wrapper('-qy -p: -c: --yes --no --no-install --package: --quiet', { verbs: CODE, scripts: ['-c'] }),
  bunx: wrapper('', { verbs: CODE }),
  uvx: wrapper('-p: --from: --with:', { verbs: CODE }),
  pipenv: wrapper('', { positional: 1, verbs: CODE }),
  valgrind: wrapper('-qv --leak-check: --tool: --log-file:w', { verbs: CODE }),
  hyperfine: wrapper('-iN -w: -r: -m: -M: --warmup: --runs: --export-json:w --export-markdown:w', { verbs: CODE }),
  direnv: wrapper('', { positional: 2, verbs: CODE }),
  dotenv: wrapper('-f:', { verbs: CODE }),
  ccache: wrapper('', { verbs: CODE }),
  tmux: wrapper('', { positional: 1, verbs: CODE }),
  screen: wrapper('-dmrRx -S: -X', { verbs: CODE }),
  'dbus-run-session': wrapper('--config-file:', { verbs: UNKNOWN }),
  'start-stop-daemon': wrapper('-SKbmotv -x: -p: -n: -u: -c: -d: --start --stop --exec: --pidfile:', { verbs: ADMIN }),
  'ssh-agent': wrapper('-csDdk -a: -t: -E:', { verbs: UNKNOWN }),
}

function judgeWrapper(shape: Wrapper, call: Call, judge: Judge): void {
  const { found } = judge
  const { program } = call
  found.verb(...shape.verbs)
  found.flag(`wrapper:${program}`)
  const result = scan(call.words, shape.options, { stopAtOperand: true })
  if (result.strange.length > 0) found.unknown(`unknown_option:${program}`)
  for (const { use, value } of result.options) if (use === 'write') found.write(value)
  if (shape.own?.(result, call, judge) === true) return
  const scripts = result.options.filter(({ name }) => shape.scripts.includes(name))
  for (const { value } of scripts) judge.script(value, { via: program })
  const rest = call.words.slice(result.end)
  const at = shape.takesVariables ? afterVariables(rest, judge) : 0
  const inner = rest.slice(at + (at < rest.length ? shape.positional : 0))
  if (inner.length > 0) runInner(inner, call, judge)
  else if (scripts.length === 0) withoutCommand(call, judge)
}

function runInner(words: readonly string[], call: Call, judge: Judge): void {
  // What may be an option of the wrapper hides where the command begins.
  if (mayBeOption(words[0] ?? '')) judge.found.unknown()
  judge.run(words, { via: call.program, input: call.input })
}

/** `env` prints the environment; `exec` only moves redirections; the others start a shell or do nothing. */
function withoutCommand({ program }: Call, { found }: Judge): void {
  if (program === 'exec' || program === 'command' || program === 'builtin' || program === 'nice')
    return found.verb('read')
  if (program === 'env') return found.unknown('secrets')
  found.unknown()
}

function afterVariables(words: readonly string[], { found }: Judge): number {
  let at = 0
  for (const word of words) {
    const name = /^([^=\s]+)=/.exec(word)?.[1]
    if (name === undefined) break
    if (isDangerousVariable(name, word.slice(name.length + 1), true)) found.unknown(`env:${name}`)
    else if (!/^[A-Za-z_]\w*$/.test(name)) found.unknown()
    at += 1
  }
  return at
}

function envOptions(result: Scan, { words }: Call, { found }: Judge): boolean {
  for (const { name, value } of result.options) if (name === '-C' || name === '--chdir') found.enter(value)
  // `env -` is `env -i`.
  if (words[result.end] === '-') result.end += 1
  return false
}

/** `command -v name` tells where a program is. */
function isLookUp(result: Scan, _: Call, { found }: Judge): boolean {
  const isLook = has(result, '-v', '-V')
  if (isLook) found.verb('read')
  return isLook
}

export const WRAPPER_HANDLERS: ReadonlyMap<string, Handler> = new Map(
  Object.entries(WRAPPERS).map(([name, shape]): [string, Handler] => [
    name,
    (call, judge) => judgeWrapper(shape, call, judge),
  ]),
)
