import { options } from './options.ts'
import type { Effect } from './table.ts'

/** Groups of gcloud; a word that is none may be a host, a file or a plug-in. */
export const GCLOUD_GROUPS: ReadonlySet<string> = new Set(
  `alpha beta access-approval access-context-manager active-directory ai ai-platform alloydb anthos api-gateway apigee
  api-keys app apphub artifacts asset assured auth authorized-views backups backup-vaults bigtable billing accounts budgets builds
  triggers worker-pools certificate-manager certificates cloud-shell cloudlocking cloud-bindings composer environments compute
  instances disks images snapshots networks subnets subnetworks peerings firewall-rules firewall-policies addresses routes routers
  vpn-tunnels vpn-gateways forwarding-rules target-pools target-http-proxies target-https-proxies target-ssl-proxies
  target-tcp-proxies url-maps backend-services backend-buckets health-checks http-health-checks ssl-certificates ssl-policies
  security-policies instance-groups managed unmanaged instance-templates machine-types machine-images zones regions
  accelerator-types disk-types resource-policies reservations commitments project-info operations os-config patch-jobs
  patch-deployments inventories os-login ssh-keys interconnects attachments network-endpoint-groups service-attachments
  sole-tenancy node-groups node-templates node-types shared-vpc associated-projects tpus config configurations container clusters
  node-pools hub memberships fleet container-images data-catalog data-fusion database-migration dataflow jobs
  metrics flex-template dataplex dataproc batches autoscaling-policies datastore indexes datastream deploy releases rollouts
  delivery-pipelines targets deployment-manager deployments manifests resources types dns managed-zones record-sets policies
  response-policies domains registrations endpoints services configs error-reporting events eventarc channels locations
  filestore firebase firestore databases fields functions regions event-types runtimes logs healthcare datasets dicom-stores
  fhir-stores hl7v2-stores iam roles service-accounts keys workload-identity-pools providers workforce-pools iap web oauth-brands
  ids identity groups kms keyrings versions import-jobs logging buckets views sinks exclusions settings links looker lustre
  media memcache metastore federations ml ml-engine models monitoring dashboards channels snoozes uptime policies
  network-connectivity hubs spokes network-management connectivity-tests network-security network-services notebooks
  org-policies organizations policy-intelligence policy-troubleshoot privateca pools roots subordinates projects publicca pubsub
  topics subscriptions schemas snapshots recaptcha recommender recommendations insights redis resource-manager folders tags values
  bindings resource-settings run revisions executions domain-mappings scc findings sources assets notifications scheduler
  secrets service-directory namespaces source repos spanner instance-configs sessions rows sql tiers flags users
  ssl client-certs server-ca-certs stackdriver storage objects managed-folders tasks queues transfer agents transcoder
  vmware private-clouds workflows workspaces workbench quotas service-management components repositories docker packages
  print-settings files connectors bgp-peers external-vpn-gateways os-policy-assignments
  instance-configs backup-schedules ddl docker-images application-default cmek-settings`.split(/\s+/),
)

/** Options that leave a read a read. Left out: --account, --configuration, --flags-file, --access-token-file, --log-http. */
export const GCLOUD_OPTIONS = options(`--project= --format= --filter= --limit= --sort-by= --page-size= --uri --quiet -q
  --verbosity= --billing-project= --user-output-enabled --no-user-output-enabled --flatten= --zone= --zones= --region=
  --regions= --location= --global --organization= --folder= --instance= -i= --cluster= --service= --database= --platform=
  --version -v --help -h --all --enabled --available --show-deleted --ancestor= --keyring= --key= --secret= --topic=
  --subscription= --zone-id= --network= --router= --dataset= --repository= --package= --tag= --include-tags --show-tags=
  --freshness= --order= --log-filter= --min-log-level= --tail --resource-names= --scope= --query= --asset-types=
  --read-mask= --managed-by= --iam-account= --created-by --status= --ongoing --job= --namespace= --environment=
  --environments= --gen2 --v2 --locations= --backend-service= --url-map= --view= --bucket= --queue= --pool= --policy=
  --recursive -r -R --long -l --json --buckets --raw --full --summarize -s --readable-sizes --all-versions -a --lines=
  --port= --start= --revision= --stacks --management --min-cpu-platform= --instances= --managed-zone= --name= --type=`)

const SECRET: Effect = { verbs: ['read', 'admin'], flags: ['secrets'] }
const READ: Effect = { verbs: ['read'] }
const RUNS: Effect = { verbs: ['code', 'network'] }
const TRANSFER: Effect = { verbs: ['network', 'write'] }

export const GCLOUD_PATHS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['info', READ],
  ['version', READ],
  ['help', READ],
  ['auth list', READ],
  ['config get', READ],
  ['config get-value', READ],
  ['logging read', READ],
  ['logging tail', READ],
  ['app logs read', READ],
  ['app logs tail', READ],
  ['functions logs read', READ],
  ['run services logs read', READ],
  ['run services logs tail', READ],
  ['builds log', READ],
  ['storage ls', READ],
  ['storage du', READ],
  ['storage cat', READ],
  ['storage cp', TRANSFER],
  ['storage mv', { verbs: ['network', 'write', 'delete'] }],
  ['storage rsync', TRANSFER],
  ['storage rm', { verbs: ['delete'] }],
  ['storage sign-url', SECRET],
  ['secrets versions access', SECRET],
  ['secrets versions get', SECRET],
  ['auth print-access-token', SECRET],
  ['auth print-identity-token', SECRET],
  ['auth application-default print-access-token', SECRET],
  ['auth login', { verbs: ['admin', 'network'] }],
  ['auth application-default login', { verbs: ['admin', 'network'] }],
  ['auth configure-docker', { verbs: ['write'] }],
  ['config config-helper', SECRET],
  ['api-keys get-key-string', SECRET],
  ['services api-keys get-key-string', SECRET],
  ['iam service-accounts keys create', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['iam service-accounts sign-jwt', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['iam service-accounts sign-blob', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['kms decrypt', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['compute reset-windows-password', SECRET],
  ['redis instances get-auth-string', SECRET],
  ['container clusters get-credentials', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['container fleet memberships get-credentials', { verbs: ['admin', 'write'], flags: ['secrets'] }],
  ['compute ssh', RUNS],
  ['compute scp', { verbs: ['code', 'network', 'write'] }],
  ['compute start-iap-tunnel', { verbs: ['network', 'admin'] }],
  ['compute connect-to-serial-port', RUNS],
  ['compute tpus tpu-vm ssh', RUNS],
  ['app instances ssh', RUNS],
  ['cloud-shell ssh', RUNS],
  ['sql connect', RUNS],
  ['spanner databases execute-sql', { verbs: ['sql_unknown', 'network'] }],
  ['builds submit', RUNS],
  ['functions call', RUNS],
  ['run jobs execute', RUNS],
  ['workflows run', RUNS],
  ['workflows execute', RUNS],
  ['scheduler jobs run', RUNS],
])
