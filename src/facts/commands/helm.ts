import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { has, options, scan, valueOf } from './options.ts'
import { hostOf, isUrl, k8sOf, reading, type CommandReading } from './reading.ts'
import {
  both,
  commandTable,
  descend,
  does,
  effectOf,
  nameFlag,
  pathOf,
  reads,
  withFlags,
  withMore,
  type Entry,
} from './table.ts'

const HELP = '-h --help'
const OUTPUT = '-o= --output= --template='
const VALUES = '-f= --values= --set= --set-string= --set-json= --set-literal= --version= --devel --revision='
const RUNS = { '--post-renderer=|--post-renderer-args=': { verbs: ['code'] } } as const

const HELM: Readonly<Record<string, Entry>> = {
  'list | ls': reads(
    OUTPUT,
    `-a --all -A --all-namespaces -d --date --deployed --failed -f= --filter= -m= --max= --no-headers
    --offset= --pending -r --reverse -l= --selector= -q --short --superseded --time-format= --uninstalled --uninstalling`,
    HELP,
  ),
  status: reads(OUTPUT, '--revision= --show-desc --show-resources', HELP),
  'get all | get hooks | get manifest | get metadata | get notes | get values': reads(
    OUTPUT,
    '-a --all --revision=',
    HELP,
  ),
  'history | hist': reads(OUTPUT, '--max=', HELP),
  'show all | show chart | show crds | show readme | show values | inspect | inspect values | inspect chart': reads(
    '--version= --devel --jsonpath=',
    HELP,
  ),
  'search repo': reads(
    OUTPUT,
    '-l --versions --devel -r --regexp --version= --max-col-width= --fail-on-no-result',
    HELP,
  ),
  'search hub': does('read network', OUTPUT, '--list-repo-url --max-col-width= --fail-on-no-result', HELP),
  template: withMore(
    reads(
      VALUES,
      `-s= --show-only= --include-crds --skip-crds --name-template= -g --generate-name --no-hooks
    --skip-tests --kube-version= -a= --api-versions= --is-upgrade --release-name --validate`,
      HELP,
    ),
    {
      ...RUNS,
      '--output-dir=': { verbs: ['write'] },
    },
  ),
  lint: reads(VALUES, '--strict --quiet --with-subcharts --kube-version=', HELP),
  'version | env | help | completion': reads('--short --template=', HELP),
  'repo list | repo ls | plugin list | plugin ls | dependency list | dep list | dependency ls | dep ls': reads(
    OUTPUT,
    HELP,
  ),
  'install | upgrade': withMore(does('write', VALUES, '-n= --namespace= --repo= --timeout= --description='), RUNS),
  'rollback | create | package | repo add | repo update | repo index | dependency update | dependency build | dep update | dep up | dep build':
    does('write network'),
  'uninstall | delete | del | un | repo remove | repo rm': does('delete'),
  'pull | fetch | push': does('network write'),
  'plugin install | plugin update | test': does('code network'),
  'plugin uninstall | plugin remove': does('delete'),
  'registry login | registry logout': withFlags(does('admin network'), 'secrets'),
}

const TABLE = commandTable(HELM)
const GLOBALS = options('-n= --namespace= --kube-context= --debug --burst-limit= --qps=')
const IMPERSONATION = options('--kube-as-user= --kube-as-group=')
const ELSEWHERE = options(`--kubeconfig= --kube-apiserver= --kube-token= --kube-ca-file= --kube-tls-server-name=
  --kube-insecure-skip-tls-verify --registry-config= --repository-config= --repository-cache= --content-cache=`)

/** Reads the words after `helm`. */
export function readHelm(words: readonly Word[]): CommandReading {
  const place = descend(words, TABLE, {
    globals: new Map([...GLOBALS, ...IMPERSONATION, ...ELSEWHERE]),
    globalsAnywhere: true,
  })
  const own = scan(
    words,
    [...(place.entry === undefined ? [] : [place.entry.options]), GLOBALS, IMPERSONATION, ELSEWHERE],
    { from: place.at },
  )
  const scanned = both(place.before, own)
  const effect = effectOf(place.entry, scanned)
  const verbs: ShellVerb[] = [...effect.verbs]
  const flags: string[] = [...effect.flags, ...nameFlag('helm', pathOf(place, words))]
  if (scanned.found.some(({ name }) => IMPERSONATION.has(name))) {
    verbs.push('admin')
    flags.push('impersonation')
  }
  if (scanned.found.some(({ name }) => ELSEWHERE.has(name))) verbs.push('unknown')
  const isList = place.path === 'list' || place.path === 'ls'
  const files = isList
    ? []
    : scanned.found.filter(({ name }) => name === '-f' || name === '--values').map(({ value }) => value ?? '')
  const urls = [...own.words, ...files].filter(isUrl)
  // A chart or values from somewhere else: fetched, and rendered with functions that look up the cluster.
  if (urls.length > 0) verbs.push('network', 'unknown')
  const read = reading({ verbs, flags, reads: files.filter((file) => !isUrl(file)), urls, hosts: urls.map(hostOf) })
  const all = has(scanned, '-A', '--all-namespaces')
  const namespace = valueOf(scanned, '-n', '--namespace')
  return {
    ...read,
    k8s: k8sOf(read, { verb: place.path, resource: 'release', name: own.words[0] ?? '', namespace, all }),
  }
}
