import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { leafOf } from './leaf.ts'
import { has, options, valueOf } from './options.ts'
import { cloudOf, reading, type CommandReading } from './reading.ts'
import type { Effect } from './table.ts'

const GROUPS: ReadonlySet<string> = new Set(
  `account acr keys credential authorization-rules repository manifest ad app user group sp aks nodepool addon command alerts-management ams apim appconfig kv feature
  appservice plan webapp functionapp config appsettings connection-string hostname ssl container storage-account
  deployment slot source log vnet-integration identity github-actions backup vault item job policy recoverypoint protectable-item batch pool task
  billing period invoice bot cdn endpoint profile origin cloud cognitiveservices consumption usage budget reservation
  containerapp env revision replica registry cosmosdb sql mongodb collection gremlin cassandra table database databoxedge deploymentmanager
  disk disk-access disk-encryption-set dls dms dns zone record-set eventgrid topic event-subscription domain system-topic eventhubs
  eventhub namespace consumer-group authorization-rule extension feature provider group hdinsight image gallery
  image-definition image-version iot hub device-identity dps keyvault key secret certificate lab lock logic workflow managedapp
  managementgroup maps mariadb server db firewall-rule monitor activity-log metrics alert autoscale log-analytics workspace
  diagnostic-settings action-group mysql flexible-server netappfiles network vnet subnet nsg rule nic public-ip lb frontend-ip
  address-pool probe application-gateway waf-policy vpn-gateway vpn-connection express-route peering private-endpoint
  private-dns private-link-service route-table route route-filter nat gateway firewall watcher traffic-manager ddos-protection
  asg bastion front-door local-gateway vnet-gateway perimeter policy assignment definition set-definition state event remediation exemption
  postgres ppg redis relay resource role search security assessment task servicebus queue subscription sf cluster
  signalr sig snapshot spring sqlmi mi elastic-pool dw failover-group audit-policy sshkey staticwebapp storage
  blob share directory file entity metrics logging cors synapse tag template-spec ts vm vmss extension
  nic availability-set encryption disk user run-command unmanaged-disk devops pipelines build runs repos pr boards
  work-item artifacts project team variable-group variable agent graph advisor recommendation custom-role
  federated-credential management-group entities hierarchy-settings stack sub mg tenant monitor-control-service`.split(
    /\s+/,
  ),
)

/** Options that leave a read a read. Left out: --debug, which shows headers, and everything that names a file. */
const OPTIONS =
  options(`--resource-group= -g= --name= -n= --query= --output= -o= --subscription= --ids= --location= -l= --all
  --filter= --top= --server= -s= --server-name= --vault-name= --account-name= --container-name= -c= --share-name= -d --show-details
  --resource-type= --namespace= --namespace-name= --workspace-name= --cluster-name= --vnet-name= --nsg-name= --nic-name=
  --lb-name= --gateway-name= --only-show-errors --verbose --help -h --expand= --include --assignee= --scope= --role=
  --include-inherited --include-groups --include-classic-administrators --start-time= --end-time= --offset= --max-events=
  --resource= --metric= --metrics= --interval= --aggregation= --dimension= --registry= -r= --repository= --image= --orderby=
  --prefix= --num-results= --marker= --auth-mode= --resource-id= --parent= --api-version= --zone-name= -z= --record-type=
  --plan= --slot= --revision= --database-name= --db-name= --display-name= --id= --upn-or-object-id= --kind= --sku= --size=
  --max-items= --next-token= --org= --organization= --project= -p= --status= --branch= --pipeline-ids= --active --refresh
  --version -v --user= --tag= --maxresults= --show-next-marker --created-by= --instance-id= --sku-family= --zone --publisher=
  --offer= --hub-name= --profile-name= --topic-name= --queue-name= --target-resource= --state= --tail= --correlation-id=`)

const SECRET: Effect = { verbs: ['read', 'admin'], flags: ['secrets'] }
const RUNS: Effect = { verbs: ['code', 'network'] }
const PATHS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['version', { verbs: ['read'] }],
  ['help', { verbs: ['read'] }],
  ['find', { verbs: ['read', 'network'] }],
  ['login', { verbs: ['admin', 'network'] }],
  ['logout', { verbs: ['admin'] }],
  ['account get-access-token', SECRET],
  ['account set', { verbs: ['admin', 'write'] }],
  ['account clear', { verbs: ['admin', 'write'] }],
  ['keyvault secret show', SECRET],
  ['keyvault secret download', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['keyvault secret backup', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['aks get-credentials', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['aks command invoke', RUNS],
  ['vm run-command invoke', RUNS],
  ['vm run-command create', RUNS],
  ['vmss run-command invoke', RUNS],
  ['container exec', RUNS],
  ['containerapp exec', RUNS],
  ['webapp ssh', RUNS],
  ['ssh vm', RUNS],
  ['acr build', RUNS],
  ['acr run', RUNS],
  ['acr login', SECRET],
  ['webapp log tail', { verbs: ['read'] }],
  ['monitor log-analytics query', { verbs: ['read'] }],
  ['graph query', { verbs: ['read'] }],
])

const READS =
  /^(?:list|show|exists|list-[a-z-]+|show-[a-z-]+|check-name|check-existence|get-instance-view|get-versions|get-upgrades|query|list)$/
/** Reads whose answer is a key, a password or a signed address. */
const OPENS =
  /\bkeys?\b.*\blist|\bkeys\b|list-keys|credential|connection-strings?|appsettings|publishing|token|\bsas\b|password|admin-key|query-key|secret-?(?:list|value)|show-secrets|\bkv\b|\bvariable\b|\benvironment\b/
/** The same words where only names are shown. */
const NAMES_ONLY =
  /^(?:keyvault (?:key|secret|certificate) list|keyvault key show|sshkey|ad (?:app|sp) federated-credential)/

/** Reads the words after `az`. */
export function readAz(words: readonly Word[]): CommandReading {
  const leaf = leafOf(words, { globals: OPTIONS, groups: GROUPS, paths: PATHS, reads: READS })
  const opens = leaf.verbs.includes('read') && OPENS.test(leaf.path) && !NAMES_ONLY.test(leaf.path)
  const isQuestion =
    leaf.path === '' && leaf.scanned.strange.length === 0 && has(leaf.scanned, '--version', '-v', '--help', '-h')
  const verbs: readonly ShellVerb[] = isQuestion ? ['read'] : [...leaf.verbs, ...(opens ? (['admin'] as const) : [])]
  const flags = [...leaf.flags, ...(opens ? ['secrets'] : []), ...namesOf(leaf.path)]
  const read = reading({ verbs, flags })
  const parts = leaf.path.split(' ')
  const facts = { provider: 'az', service: parts.slice(0, -1).join(' '), action: parts.at(-1) ?? '' }
  const profile = valueOf(leaf.scanned, '--subscription')
  return { ...read, cloud: cloudOf(read, { ...facts, profile, region: valueOf(leaf.scanned, '--location', '-l') }) }
}

function namesOf(path: string): readonly string[] {
  return /^[a-z][\w -]{0,80}$/i.test(path) ? [`az:${path.replaceAll(' ', '.')}`] : []
}
