import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { AWS_SERVICES, AWS_TO_FILE } from './aws-services.ts'
import { has, options, scan, valueOf, type Scanned } from './options.ts'
import { cloudOf, reading, type CommandReading } from './reading.ts'
import { both, nameFlag, type Effect } from './table.ts'

const GLOBALS = options(`--profile= --region= --output= --query= --endpoint-url= --ca-bundle= --cli-read-timeout=
  --cli-connect-timeout= --color= --cli-binary-format= --debug --no-verify-ssl --no-paginate --no-sign-request
  --no-cli-pager --cli-auto-prompt --no-cli-auto-prompt --version --v2`)

/** Another server, unverified or unsigned talk, arguments from a file, a dialogue. Shortened, they work too. */
const ELSEWHERE = [
  '--endpoint-url',
  '--ca-bundle',
  '--no-verify-ssl',
  '--no-sign-request',
  '--cli-input-json',
  '--cli-input-yaml',
  '--cli-auto-prompt',
  '--debug',
] as const

/** Options that turn a look-up into one of values. */
const SHOWING = ['--with-decryption', '--include-values', '--include-value'] as const

const SECRET: Effect = { verbs: ['read', 'admin'], flags: ['secrets'] }
const READ: Effect = { verbs: ['read'] }
const TRANSFER: Effect = { verbs: ['network', 'write'] }
const RUNS: Effect = { verbs: ['code', 'network'] }
const DELETES: Effect = { verbs: ['delete'] }
const UNKNOWN: Effect = { verbs: ['unknown'] }

/** What no pattern of names tells. */
const OPERATIONS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['s3 ls', READ],
  ['s3 cp', TRANSFER],
  ['s3 sync', TRANSFER],
  ['s3 mv', { verbs: ['network', 'write', 'delete'] }],
  ['s3 rm', DELETES],
  ['s3 rb', DELETES],
  ['s3 mb', { verbs: ['write'] }],
  ['s3 website', { verbs: ['write'] }],
  ['s3 presign', SECRET],
  ['configure list', READ],
  ['configure list-profiles', READ],
  ['configure get', SECRET],
  ['configure export-credentials', SECRET],
  ['configure set', { verbs: ['write', 'admin'] }],
  ['configure import', { verbs: ['write', 'admin'] }],
  ['configure add-model', { verbs: ['write', 'admin'] }],
  ['logs tail', READ],
  ['logs start-query', READ],
  ['logs start-live-tail', READ],
  ['logs filter-log-events', READ],
  ['dynamodb query', READ],
  ['dynamodb scan', READ],
  ['cloudtrail lookup-events', READ],
  ['cloudformation validate-template', READ],
  ['cloudformation estimate-template-cost', READ],
  ['cloudformation detect-stack-drift', UNKNOWN],
  ['iam simulate-principal-policy', READ],
  ['iam simulate-custom-policy', READ],
  ['resource-explorer-2 search', READ],
  ['s3api select-object-content', { verbs: ['write'] }],
  ['cognito-idp describe-user-pool-client', SECRET],
  ['cognito-idp list-user-pool-client-secrets', SECRET],
  ['storagegateway describe-chap-credentials', SECRET],
  ['appsync list-api-keys', SECRET],
  ['eks get-token', SECRET],
  ['eks update-kubeconfig', { verbs: ['write', 'admin'] }],
  ['ecr get-login', SECRET],
  ['ecr get-login-password', SECRET],
  ['ecr-public get-login-password', SECRET],
  ['kms decrypt', SECRET],
  ['rds generate-db-auth-token', SECRET],
  ['lightsail download-default-key-pair', SECRET],
  ['codecommit credential-helper', SECRET],
  ['codecommit get-file', READ],
  ['glue get-connection', SECRET],
  ['glue get-connections', SECRET],
  ['sts decode-authorization-message', READ],
  ['sts get-caller-identity', READ],
  ['sts get-access-key-info', READ],
  ['ssm start-session', RUNS],
  ['ssm send-command', RUNS],
  ['ssm start-automation-execution', RUNS],
  ['ecs execute-command', RUNS],
  ['ec2-instance-connect ssh', RUNS],
  ['ec2-instance-connect send-ssh-public-key', { verbs: ['admin', 'write'] }],
  ['lambda invoke', RUNS],
  ['lambda invoke-async', RUNS],
  ['emr ssh', RUNS],
  ['ssm get-deployable-patch-snapshot-for-instance', UNKNOWN],
  ['stepfunctions get-activity-task', { verbs: ['write'] }],
  ['cognito-identity get-id', { verbs: ['write'] }],
  ['iot get-registration-code', SECRET],
  ['opsworks-cm describe-node-association-status', READ],
])

const READS = /^(?:describe|list|get|batch-get|batch-describe|head|search|lookup)-[a-z0-9-]+$/
/** Reads whose answer opens a door. */
const OPENS =
  /secret-value|client-secrets|password(?!-polic)|(?:auth|authorization|access|session|federation|identity|id|oauth2|payment|jwt|refresh|user-id)-token|token-(?:for|from)|tokens-from|credentials?(?!-report|-provider|-locker|-specific)(?:$|-with|-for)|(?:instance|compute|data)-access(?:$|-details)|presigned|signed-|login-url|embed-url|unlock-code|api-keys?$|access-keys?$|connection-string|ice-server|private-key|-key-pair/
const PASSES = /^(?:iam|get-random-password)$/
const STATE_CHANGES: readonly (readonly [RegExp, ShellVerb])[] = [
  [
    /^(?:delete|terminate|remove|purge|deregister|batch-delete|revoke|destroy|disable|detach|deprovision|release|cancel|abort|reject|reset)(?:-|$)/,
    'delete',
  ],
  [
    /^(?:create|update|put|modify|start|stop|tag|untag|associate|disassociate|add|enable|register|send|set|import|accept|restore|export|copy|attach|generate|admin|reboot|publish|purchase|resume|upload|authorize|apply|activate|deactivate|replace|allocate|failover|change|initiate|provision|rollback|pause|run|rotate|promote|invite|transfer|move|switchover|assign|batch-write|batch-put|batch-update|batch-create|transact-write|receive|execute|invoke|deploy|package)(?:-|$)/,
    'write',
  ],
]
const ADMIN_SERVICES = new Set([
  'iam',
  'organizations',
  'sts',
  'sso-admin',
  'identitystore',
  'account',
  'sso',
  'configure',
  'rolesanywhere',
])

/** Reads the words after `aws`. */
export function readAws(words: readonly Word[]): CommandReading {
  const first = scan(words, [GLOBALS], { stopAtWord: true })
  const second = scan(words, [GLOBALS], { from: first.end + 1, stopAtWord: true })
  const service = words[first.end] ?? ''
  const action = words[second.end] ?? ''
  const before = both(first, second)
  const rest = words.slice(second.end + 1)
  const own = asksOnly(words, first, rest) ? READ : effectOfOperation(service, action, rest)
  const extra = effectOfWords(before, rest)
  const read = reading({
    verbs: [...(own.verbs ?? []), ...extra.verbs],
    flags: [...(own.flags ?? []), ...extra.flags, ...nameFlag('aws', `${service} ${action}`.trim())],
    reads: filesIn(rest),
    urls: rest.filter((word) => word !== undefined).filter((word) => /^(?:https?|s3):\/\//.test(word)),
  })
  const everything = both(before, scan(rest, [GLOBALS]))
  const profile = valueOf(everything, '--profile')
  const region = valueOf(everything, '--region')
  return { ...read, cloud: cloudOf(read, { provider: 'aws', service, action, profile, region }) }
}

/** `aws --version`, `aws help`, `aws s3 help`, `aws s3 ls help`. */
function asksOnly(words: readonly Word[], first: Scanned, rest: readonly Word[]): boolean {
  if (first.end >= words.length) return has(first, '--version') && first.rest === undefined
  return words.at(-1) === 'help' && rest.length <= 1
}

function effectOfOperation(service: string, action: string, rest: readonly Word[]): Effect {
  const listed = OPERATIONS.get(`${service} ${action}`)
  if (listed !== undefined) return listed
  if (service === 'sts' && action.startsWith('assume-'))
    return { verbs: ['admin'], flags: ['impersonation', 'secrets'] }
  if (service === 'configure') return { verbs: ['admin', 'write'] }
  if (!AWS_SERVICES.has(service)) return UNKNOWN
  if (action === 'wait') return READ
  if (READS.test(action)) return effectOfRead(service, action, rest)
  const change = STATE_CHANGES.find(([names]) => names.test(action))
  const admin: readonly ShellVerb[] = ADMIN_SERVICES.has(service) ? ['admin'] : []
  return { verbs: [change?.[1] ?? 'unknown', ...admin] }
}

function effectOfRead(service: string, action: string, rest: readonly Word[]): Effect {
  if (AWS_TO_FILE.has(`${service}:${action}`)) return { verbs: ['read', 'write'] }
  const isPublic = PASSES.test(service) || PASSES.test(action) || (service === 'wafv2' && action === 'list-api-keys')
  if (OPENS.test(action) && !(isPublic && action !== 'create-access-key')) return SECRET
  const decrypts = rest.some((word) => isOneOf(word, SHOWING))
  return decrypts ? SECRET : READ
}

/** What stands after the operation: its own options are arguments of the API, and harmless where the operation is. */
function effectOfWords(before: Scanned, rest: readonly Word[]): Required<Effect> {
  const verbs: ShellVerb[] = []
  const flags: string[] = []
  const names = [...before.found.map(({ name }) => name), ...rest]
  if (before.strange.length > 0 || before.rest !== undefined || names.some(isElsewhere)) verbs.push('unknown')
  for (const word of rest) {
    if (word === undefined) {
      verbs.push('unknown')
      flags.push('dynamic_args')
      // `file://` and `fileb://` send a local file; http values are fetched by version 1.
    } else if (/^(?:--[a-z0-9-]+=)?fileb?:\/\//i.test(word) || /=fileb?:\/\//i.test(word)) verbs.push('unknown')
    else if (/^https?:\/\//i.test(word)) verbs.push('network')
    else if (word.startsWith('-') && !/^--[a-z][a-z0-9-]*(?:=|$)|^-\d/.test(word)) verbs.push('unknown')
  }
  if (before.dynamic) verbs.push('unknown')
  return { verbs, flags }
}

/** `--endp` is `--endpoint-url`; `--end-time` is not. */
function isElsewhere(word: Word): boolean {
  return isOneOf(word, ELSEWHERE)
}

/** aws-cli takes every beginning of an option that only one option has. */
function isOneOf(word: Word, names: readonly string[]): boolean {
  const written = word?.split('=', 1)[0] ?? ''
  return written.length > 2 && names.some((name) => name.startsWith(written))
}

function filesIn(rest: readonly Word[]): readonly string[] {
  return rest.flatMap((word) => /(?:^|=)fileb?:\/\/(.+)$/i.exec(word ?? '')?.[1] ?? [])
}
