// Sub-commands of kubectl and oc, with the options that leave a read a read (kubectl 1.32). Left out on purpose: --raw,
// -k (kustomize fetches and runs), and everything that chooses another server, identity or file to write.
import { options } from './options.ts'
import { does, reads, withFlags, withMore, type Entry } from './table.ts'

const HELP = '-h --help'
const PRINT = '-o= --output= --template= --allow-missing-template-keys --show-managed-fields --no-headers'
const FILES = '-f= --filename= -R --recursive'
const SELECT = '-l= --selector= --field-selector='

/** Options of every sub-command that stay on the cluster, the identity and the namespace that are set up. */
export const KUBECTL_GLOBALS = options(`-n= --namespace= --context= --cluster= --request-timeout= -v= --v=
  --match-server-version --warnings-as-errors --disable-compression`)
export const IMPERSONATION = options('--as= --as-group= --as-uid=')
/** Another server, credential or file. Named here so that their values are not taken for resources. */
export const KUBECTL_ELSEWHERE =
  options(`-s= --server= --token= --kubeconfig= --user= --username= --password= --cache-dir=
  --client-certificate= --client-key= --certificate-authority= --tls-server-name= --insecure-skip-tls-verify
  --profile= --profile-output= --vmodule= --log-flush-frequency= --log-dir= --log-file= --config=`)

export const KUBECTL: Readonly<Record<string, Entry>> = {
  get: reads(
    PRINT,
    FILES,
    SELECT,
    `-A --all-namespaces --chunk-size= --ignore-not-found -L= --label-columns= --output-watch-events
    --server-print --show-kind --show-labels --sort-by= --subresource= -w --watch --watch-only`,
    HELP,
  ),
  describe: reads(FILES, SELECT, '-A --all-namespaces --chunk-size= --show-events', HELP),
  'logs | log': reads(
    `--all-containers --all-pods -c= --container= -f --follow --ignore-errors --limit-bytes=
    --max-log-requests= --pod-running-timeout= --prefix -p --previous -l= --selector= --since= --since-time= --tail=
    --timestamps`,
    HELP,
  ),
  'top | top pod | top pods | top po | top node | top nodes | top no': reads(
    SELECT,
    `-A --all-namespaces --containers --no-headers
    --sort-by= --sum --show-capacity --use-protocol-buffers`,
    HELP,
  ),
  explain: reads('--api-version= -o= --output= --recursive', HELP),
  version: reads('--client --short -o= --output=', HELP),
  'api-resources | api-versions': reads(
    '--api-group= --cached --categories= --namespaced --no-headers -o= --output= --sort-by= --verbs=',
    HELP,
  ),
  'cluster-info': reads(HELP),
  'cluster-info dump': withMore(reads(PRINT, '-A --all-namespaces --namespaces= --pod-running-timeout=', HELP), {
    '--output-directory=': { verbs: ['write'] },
  }),
  'config view': withMore(reads(PRINT, '--flatten --merge --minify', HELP), {
    '--raw': { verbs: ['admin'], flags: ['secrets'] },
  }),
  'config get-contexts | config current-context | config get-clusters | config get-users': reads(
    '-o= --output= --no-headers',
    HELP,
  ),
  'config use-context | config use | config set | config set-cluster | config set-context | config set-credentials | config unset | config rename-context':
    does('write'),
  'config delete-cluster | config delete-context | config delete-user': does('delete'),
  'auth can-i': reads('-A --all-namespaces --list --no-headers -q --quiet --subresource=', HELP),
  'auth whoami': reads('-o= --output=', HELP),
  'auth reconcile': does('admin write'),
  'rollout status | rollout history': reads(PRINT, FILES, '--revision= -l= --selector= --timeout= -w --watch', HELP),
  'rollout restart | rollout undo | rollout pause | rollout resume | rollout latest | rollout retry | rollout cancel':
    does('write'),
  diff: reads(
    FILES,
    '--concurrency= --field-manager= --force-conflicts --server-side -l= --selector= --show-managed-fields --prune',
    HELP,
  ),
  'events | get-events': reads(PRINT, '-A --all-namespaces --chunk-size= --for= --types= -w --watch', HELP),
  wait: reads(PRINT, FILES, SELECT, '--for= --timeout= --all -A --all-namespaces --local', HELP),
  'options | help | completion | plugin list': reads('--name-only', HELP),
  'delete | drain | evict': does('delete'),
  'create | replace | patch | edit | label | annotate | scale | autoscale | expose | set | tag | import-image | new-project | new-app | new-build | start-build | cancel-build | idle | process | rollback | observe':
    does('write'),
  apply: does('write'),
  'apply edit-last-applied | apply set-last-applied': does('write'),
  'apply view-last-applied': reads(FILES, SELECT, '-o= --output= --all', HELP),
  'create token': withFlags(does('admin'), 'secrets'),
  'create clusterrolebinding | create rolebinding | create clusterrole | create role | create serviceaccount':
    does('write admin'),
  'cordon | uncordon | taint | certificate | certificate approve | certificate deny | adm | policy | login | logout | registry login':
    does('admin'),
  'exec | attach | debug | run | rsh': does('code'),
  'cp | rsync': does('code network write'),
  'port-forward | proxy': does('network admin'),
  'status | projects': reads('-o= --output= --suggest -q --short', HELP),
  project: does('write'),
  whoami: withMore(reads('--show-context --show-server --show-console -c', HELP), {
    '-t|--show-token': { verbs: ['admin'], flags: ['secrets'] },
  }),
  extract: withFlags(does('write admin'), 'secrets'),
}
