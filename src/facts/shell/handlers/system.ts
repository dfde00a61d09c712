import { isSecretVariable } from '../environment.ts'
import { judgeEffect } from '../effects.ts'
import type { Handler } from '../judge.ts'
import { isAnyPath, isDynamic, isStatic, SPLIT } from '../marks.ts'
import { has, optionTable, scan, type OptionTable } from '../options.ts'

const DATE = optionTable(
  '-uRjn -d: -I:? -r:r -f:r -v: -z: --date: --utc --universal --iso-8601:? --rfc-3339: --rfc-email --reference:r --file:r --resolution --debug',
)

/** `date` shows the time; an operand that is no format sets the clock. */
const date: Handler = (call, judge) => {
  const { found } = judge
  const result = scan(call.words, DATE)
  found.verb('read')
  if (has(result, '-s', '--set')) found.verb('admin')
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:date')
  for (const { use, value } of result.options) if (use === 'read') found.read(value)
  // BSD's `-j` reads its operand instead of setting it.
  if (!has(result, '-j') && result.operands.some((word) => !word.startsWith('+'))) found.verb('admin')
}

const HOSTNAME = optionTable(
  '-aAdfIisy --all-fqdns --alias --all-ip-addresses --domain --fqdn --long --ip-address --short',
)

const hostname: Handler = (call, { found }) => {
  const result = scan(call.words, HOSTNAME)
  if (result.strange.length > 0 || result.operands.length > 0) found.verb('admin')
  else found.verb('read')
}

/** Objects and verbs of `ip`, with the short forms that cannot mean something else. */
const IP_OBJECT =
  /^(?:a|ad|addr|addre|addres|address|l|li|lin|link|r|ro|rou|rout|route|n|ne|nei|neig|neigh|neighbour|neighbor|ru|rul|rule|maddr|maddress|mroute|tunnel|tuntap|netns|ntable|vrf|nexthop|netconf|tcp_metrics|tcpmetrics)$/
const IP_VERB = /^(?:show|sh|list|lst|ls|get|help|list-id|pids|identify)$/

/** `ip` shows; `ip route` alone, and `ip addr show`. */
const ip: Handler = ({ words }, { found }) => {
  const rest = words.filter(
    (word) =>
      !/^-(?:4|6|0|B|M|I|br|brief|s|stats|statistics|d|details|c|color(?:=\w+)?|j|json|p|pretty|o|oneline|r|resolve|h|human|human-readable|t|ts|N|Numeric|a|all|family|V|Version)$/.test(
        word,
      ),
  )
  const [object = '', verb = 'show', ...more] = rest
  const isRead =
    IP_OBJECT.test(object) && IP_VERB.test(verb) && more.every((word) => isStatic(word) && /^[\w.:/@-]+$/.test(word))
  found.verb('read')
  if (words.length === 1 && /^-(?:V|Version)$/.test(words[0] ?? '')) return
  if (!isRead) found.verb('admin', 'unknown')
}

const ifconfig: Handler = ({ words }, { found }) => {
  const isShown =
    words.length <= 2 &&
    words.every((word) => /^-?[\w.:]+$/.test(word)) &&
    words.filter((word) => !/^-[alsv]$/.test(word)).length <= 1
  found.verb(isShown ? 'read' : 'admin')
}

const service: Handler = ({ words }, { found }) => {
  const isStatus =
    words.length === 1
      ? words[0] === '--status-all'
      : words.length === 2 && words[1] === 'status' && /^[\w@.-]+$/.test(words[0] ?? '')
  found.verb(isStatus ? 'read' : 'admin')
}

/** `kill -l` and `kill -0` do nothing to anybody. */
const kill: Handler = (call, judge) => {
  const [first = '', ...rest] = call.words
  if (/^-(?:l|L|0)$/.test(first) && !rest.some((word) => word.startsWith('-'))) return judge.found.verb('read')
  judgeEffect({ verbs: ['admin'], takes: 'words' }, call, judge)
}

const DATABASES = new Set(
  'hosts ahosts ahostsv4 ahostsv6 services protocols networks netgroup group passwd rpc ethers initgroups aliases'.split(
    ' ',
  ),
)

const getent: Handler = ({ words }, { found }) => {
  const operands = words.filter((word) => !word.startsWith('-'))
  found.verb('read')
  if (operands.length < words.length || !DATABASES.has(operands[0] ?? '')) found.unknown()
  if (/shadow/.test(operands[0] ?? '')) found.flag('sensitive_path')
}

/** Single variables whose name is not that of a secret; without a name, all of them. */
const printenv: Handler = ({ words }, { found }) => {
  const names = words.filter((word) => !/^(?:-0|--null)$/.test(word))
  found.verb('read')
  const isShown = names.length > 0 && names.every((name) => /^[A-Za-z_]\w*$/.test(name) && !isSecretVariable(name))
  if (!isShown) found.unknown('secrets')
}

const PS_VALUED =
  /^(?:-[a-zA-Z]*[opuUgGtCsqN]|[a-df-zA-Z]*o|--(?:format|pid|ppid|user|User|group|Group|tty|sid|sort|cols|columns|rows|lines|width|quick-pid))$/
const PS_FLAG =
  /^(?:-?[a-zA-DF-Z]+|-[a-zA-DF-Z]+[\d,]+|-o[\w,=:%]+|--(?:forest|headers?|no-headers?|deselect|info|version|cumulative|(?:sort|cols|columns|rows|lines|width|pid|ppid|user|group|format|tty|sid)=[\w,+%:-]+))$/
// oxlint-disable-next-line no-control-regex -- the mark of a number
const NUMBERS = /^(?:\d+(?:,\d+)*|\x05)$/

/** Options of `ps` with and without a dash; `e` without one adds the environment of each process. */
const ps: Handler = ({ words }, { found }) => {
  found.verb('read')
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    const value = words[i + 1]
    if (PS_VALUED.test(word) && value !== undefined && (word === '--sort' || !value.startsWith('-'))) {
      i += 1
      if (/environ/i.test(value)) found.unknown('secrets')
      if (value.includes(SPLIT)) found.unknown()
    } else if (/^[a-zA-Z]*e[a-zA-Z]*$/.test(word)) found.unknown('secrets')
    else if (!PS_FLAG.test(word) && !NUMBERS.test(word)) found.unknown('unknown_option:ps')
  }
}

/** Pagers show a file; `+command` and log files are more than that. */
function pager(options: string): Handler {
  const table: OptionTable = optionTable(options)
  return (call, { found }) => {
    const result = scan(call.words, table)
    found.verb('read')
    if (result.strange.length > 0 || result.injectable) found.unknown(`unknown_option:${call.program}`)
    for (const path of result.operands) {
      // A place to start at; any other `+` is a command.
      if (/^\+\d+$|^\+[GF]$/.test(path)) continue
      if (path.startsWith('+') || isAnyPath(path)) found.unknown()
      else found.read(path)
    }
  }
}

const MAN = optionTable('-akfwWK -s: -S: -L: --all --apropos --whatis --where --path --sections: --no-pager')

/** Pages by name: a file with a slash is a program for a typesetter. */
const man: Handler = ({ words, program }, { found }) => {
  const result = scan(words, MAN)
  found.verb('read')
  if (
    result.strange.length > 0 ||
    result.injectable ||
    result.operands.some((word) => word.includes('/') || isDynamic(word))
  ) {
    found.unknown(`unknown_option:${program}`)
  }
}

/** `tee` without files only passes on. */
const tee: Handler = ({ words }, { found }) => {
  found.verb('read')
  for (const word of words)
    if (!word.startsWith('-') && !/^\/dev\/(?:null|stderr|stdout|tty|fd\/\d+)$/.test(word)) found.write(word)
}

const dd: Handler = (call, judge) => {
  judge.found.verb('write')
  for (const word of call.words) {
    if (word.startsWith('of=')) judge.found.write(word.slice(3))
    else if (word.startsWith('if=')) judge.found.read(word.slice(3))
    else judge.found.mention(word)
  }
}

/** The two options of `rm` that make it what it is known for. */
const rm: Handler = (call, judge) => {
  const { found } = judge
  if (call.words.some((word) => /^-[a-zA-Z]*[rR]|^--r/.test(word))) found.flag('rm_recursive')
  if (call.words.some((word) => /^-[a-zA-Z]*f|^--f/.test(word))) found.flag('rm_force')
  judgeEffect({ verbs: ['delete'], takes: 'targets' }, call, judge)
  found.verb('delete')
}

const history: Handler = (_, { found }) => found.unknown('sensitive_path')

export const SYSTEM_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['date', date],
  ['gdate', date],
  ['hostname', hostname],
  ['ip', ip],
  ['ifconfig', ifconfig],
  ['service', service],
  ['kill', kill],
  ['getent', getent],
  ['printenv', printenv],
  ['ps', ps],
  [
    'less',
    pager(
      '-nNSRXFiIEeMmsrqQfgGJwWuUVaAdL -# -p: -x: -z: -h: -j: -y: -b: --chop-long-lines --LINE-NUMBERS --line-numbers --RAW-CONTROL-CHARS --no-init --quit-if-one-screen --ignore-case',
    ),
  ],
  ['more', pager('-dlefpcsun -#')],
  ['most', pager('-wbs')],
  [
    'bat',
    pager(
      '-pnAuPSf -l: -r: -m: -H: --plain --number --show-all --style: --color: --paging: --language: --line-range: --theme: --wrap: --tabs: --decorations: --highlight-line: --list-languages --list-themes --no-paging --force-colorization --file-name:',
    ),
  ],
  [
    'batcat',
    pager(
      '-pnAuPSf -l: -r: -m: -H: --plain --number --show-all --style: --color: --paging: --language: --line-range: --theme: --wrap: --tabs:',
    ),
  ],
  ['man', man],
  ['apropos', man],
  ['whatis', man],
  ['tldr', man],
  ['tee', tee],
  ['dd', dd],
  ['rm', rm],
  ['history', history],
  ['fc', history],
])
