import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { has, options, scan, valueOf, type Scanned } from './options.ts'
import { cloudOf, isUrl, reading, type CommandReading } from './reading.ts'
import {
  both,
  commandTable,
  descend,
  does,
  effectOf,
  isQuestion,
  nameFlag,
  pathOf,
  reads,
  withFlags,
  withMore,
  type Effect,
  type Entry,
} from './table.ts'

const HELP = '-h --help'
const PRINT = '--json= -q= --jq= -t= --template='
const LIST =
  '-L= --limit= -a= --assignee= -A= --author= -B= --base= -H= --head= -l= --label= -s= --state= -S= --search= -d --draft'
const SECRET = { verbs: ['admin'], flags: ['secrets'] } as const

const GH: Readonly<Record<string, Entry>> = {
  'pr list | pr ls | issue list | issue ls': reads(PRINT, LIST, '--app= --milestone= -m= --mention=', HELP),
  'pr view | issue view': reads(PRINT, '-c --comments', HELP),
  'pr diff': reads('--name-only --patch --color= -e= --exclude=', HELP),
  'pr status | issue status': reads(PRINT, '-c --conflict-status', HELP),
  'pr checks': reads(PRINT, '--watch --required -i= --interval= --fail-fast', HELP),
  'repo list | repo ls': reads(
    PRINT,
    '-L= --limit= --archived --no-archived --fork --source -l= --language= --topic= --visibility=',
    HELP,
  ),
  'repo view': reads(PRINT, '-b= --branch=', HELP),
  'run list | run ls': reads(
    PRINT,
    '-L= --limit= -b= --branch= -c= --commit= --created= -e= --event= -s= --status= -u= --user= -w= --workflow= -a --all',
    HELP,
  ),
  'run view': reads(PRINT, '--log --log-failed -v --verbose -j= --job= -a= --attempt= --exit-status', HELP),
  'run watch': reads('--exit-status -i= --interval= --compact', HELP),
  'workflow list | workflow ls': reads(PRINT, '-L= --limit= -a --all', HELP),
  'workflow view': reads('-y --yaml -r= --ref=', HELP),
  'release list | release ls | release view': reads(
    PRINT,
    '-L= --limit= --exclude-drafts --exclude-pre-releases -O= --order=',
    HELP,
  ),
  'search repos | search issues | search prs | search code | search commits': reads(
    PRINT,
    LIST,
    `--owner= --repo= -R= --language= --sort= --order=
    --created= --updated= --stars= --match= --filename= --extension= --size= --visibility= --involves= --merged --review= --closed=`,
    HELP,
  ),
  'label list | label ls | cache list | cache ls | gist list | gist ls | ssh-key list | gpg-key list | org list | ruleset list | ruleset view | ruleset check | project list | project view | project item-list | project field-list | codespace list | extension list | extension search | alias list | config list | config get | secret list | variable list | variable get | attestation trusted-root':
    reads(
      PRINT,
      '-L= --limit= --owner= --format= -e= --env= -o= --org= -u --user -a= --app= --public --secret --sort= --order= -k= --key= --closed',
      HELP,
    ),
  'gist view': reads('-f= --filename= --files -r --raw', HELP),
  'status | version | help | completion': reads('-e= --exclude= -o= --org= -s= --shell=', HELP),
  browse: does('code'),
  'auth status': withMore(reads('--active -a --json= -q= --jq=', HELP), { '-t|--show-token': SECRET }),
  'auth token': withFlags(does('read admin'), 'secrets'),
  'auth login | auth logout | auth refresh | auth setup-git | auth switch': does('admin network write'),
  'auth git-credential': withFlags(does('admin'), 'secrets'),
  'pr checkout | pr co | repo clone | gist clone | repo sync | run download | release download': does('network write'),
  'pr create | pr edit | pr merge | pr close | pr reopen | pr ready | pr review | pr comment | pr lock | pr unlock | pr update-branch | pr revert':
    does('write'),
  'issue create | issue edit | issue close | issue reopen | issue comment | issue lock | issue unlock | issue pin | issue unpin | issue transfer | issue develop':
    does('write'),
  'repo create | repo edit | repo fork | repo rename | repo set-default | repo archive | repo unarchive | repo deploy-key add | repo deploy-key list | repo autolink create':
    does('write admin'),
  'repo delete | release delete | release delete-asset | issue delete | gist delete | label delete | run delete | cache delete | secret delete | variable delete | ssh-key delete | gpg-key delete | codespace delete | project delete | alias delete | extension remove | repo deploy-key delete':
    does('delete'),
  'run rerun | run cancel | workflow run | workflow enable | workflow disable': does('write code'),
  'release create | release edit | release upload | gist create | gist edit | gist rename | label create | label edit | label clone | project create | project edit | project item-add | project item-edit':
    does('write network'),
  'secret set | variable set | ssh-key add | gpg-key add | config set | config clear-cache': does('write admin'),
  'alias set | alias import | extension install | extension upgrade | extension exec | extension create | codespace ssh | codespace cp | codespace create | codespace code | codespace jupyter | copilot suggest':
    does('code network write'),
}

const TABLE = commandTable(GH, { api: reads() })
const GLOBALS = options('-R= --repo=')
const STARTS = new Map([...GLOBALS, ...options('--version -h --help')])
const API =
  options(`-X= --method= -f= -F= --field= --raw-field= --input= -H= --header= -q= --jq= -t= --template= --paginate -p=
  --preview= --cache= -i --include --silent --slurp --verbose -h --help`)

/** Reads the words after `gh`. */
export function readGh(words: readonly Word[]): CommandReading {
  const place = descend(words, TABLE, { globals: STARTS, globalsAnywhere: true })
  const own = scan(words, [place.entry?.options ?? new Map(), place.path === 'api' ? API : GLOBALS], { from: place.at })
  const scanned = both(place.before, own)
  const effect = effectOf(place.entry, scanned)
  const extra = place.path === 'api' ? effectOfApi(own) : { verbs: [], flags: [] }
  const path = pathOf(place, words)
  const read = reading({
    verbs: isQuestion(place, words) ? ['read'] : [...effect.verbs, ...extra.verbs],
    flags: [...effect.flags, ...extra.flags, ...nameFlag('gh', path)],
    urls: own.words.filter(isUrl),
  })
  const [service = '', ...action] = path.split(' ')
  const profile = valueOf(scanned, '-R', '--repo')
  return { ...read, cloud: cloudOf(read, { provider: 'gh', service, action: action.join(' '), profile }) }
}

/** Fields make it a POST unless a method is given. */
function effectOfApi(own: Scanned): Required<Effect> {
  const fields = has(own, '-f', '-F', '--field', '--raw-field', '--input')
  const given = valueOf(own, '-X', '--method').toUpperCase()
  const method = given === '' ? (fields ? 'POST' : 'GET') : given
  const verbs: ShellVerb[] = isPlainApi(own) ? [] : ['unknown']
  if (method === 'DELETE') verbs.push('delete')
  else if (method !== 'GET' && method !== 'HEAD') verbs.push('write')
  return { verbs, flags: /^[A-Z]{1,20}$/.test(method) ? [`http:${method}`] : [] }
}

/** One path of the REST API, no file, and no header but these: another could override the method. */
function isPlainApi({ words, found }: Scanned): boolean {
  const to = words[0] ?? ''
  if (words.length !== 1 || isUrl(to) || /^\/\/|^\/?graphql/.test(to)) return false
  return found.every(({ name, value = '' }) => {
    if (name === '-H' || name === '--header') return /^(?:accept|x-github-api-version)\s*:/i.test(value)
    return name !== '--input' && !((name === '-F' || name === '--field') && value.includes('=@'))
  })
}
