// Files whose content opens other doors: keys, tokens, password hashes, environments of processes. One list, applied to
// arguments and to redirections (guardrails.md, 4.2 rule 2). A pattern that may match such a file counts as that file.
import { ANY, DIGITS, isDynamic, isPattern, ONE, OUTPUT, SPLIT, UNKNOWN } from './marks.ts'

/** Folders (one or more names) that are sensitive wherever they stand in a path. */
const FOLDERS = [
  '.ssh .aws .gnupg .kube .docker .azure .oci .minikube .chef .vault .terraform.d .password-store .electrum .bitcoin',
  '.ethereum .solana .mozilla .thunderbird .databricks .netlify .gem/credentials .config/gcloud .config/gh .config/hub',
  '.config/op .config/doctl .config/rclone .config/sops .config/google-chrome .config/chromium .config/microsoft-edge',
  '.config/bravesoftware .config/helm .config/containers .local/share/keyrings .local/share/containers library/keychains',
  'library/cookies library/application_support/google/chrome library/application_support/firefox sudoers.d',
].flatMap(parts)

/** Names that are sensitive in any folder; exact, and so also what a pattern may stand for. */
const NAMES = [
  'id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk .netrc _netrc .git-credentials .pgpass .my.cnf .mylogin.cnf',
  '.npmrc .yarnrc.yml .pypirc .env .envrc .vault-token .htpasswd .dockercfg .s3cfg .boto .rhosts .smbcredentials',
  '.bash_history .zsh_history .history .sh_history .psql_history .mysql_history .python_history .node_repl_history',
  '.sqlite_history .rediscli_history .lesshst .viminfo authorized_keys wallet.dat kubeconfig terraform.tfstate',
  'credentials credentials.json application_default_credentials.json shadow sudoers login.keychain-db key4.db logins.json',
].flatMap((text) => text.split(' '))

/** The same, with parts that vary. Examples and public halves are no secrets. */
const NAME = new RegExp(
  `^(?:${[
    String.raw`\.env\.(?!example$|sample$|template$|dist$|defaults?$).+`,
    String.raw`.+\.env`,
    String.raw`.+\.(?:pem|key|p12|pfx|jks|keystore|kdbx?|ppk|tfstate|tfvars|ovpn|keytab|agekey)`,
    String.raw`.+\.tfstate\.backup`,
    String.raw`id_(?:rsa|dsa|ecdsa|ed25519)(?!.*\.pub$).*`,
    String.raw`ssh_host_.*_key`,
    String.raw`\..*_history`,
    String.raw`(?:shadow|gshadow|passwd|sudoers)[-~.].*`,
    String.raw`(?:client[-_]?)?secrets?(?:\.(?:json|ya?ml|toml|ini|txt|env|properties))?`,
    String.raw`(?:aws|gcp|gcloud|azure|db|service[-_]?account).*(?:credentials?|key)s?\.(?:json|csv|txt|ya?ml)`,
    String.raw`kubeconfig(?:\.ya?ml)?`,
    String.raw`keystore(?:\.(?:jks|p12|json))?|wallet\.(?:dat|json|key)|utc--.*`,
  ].join('|')})$`,
)

/** Certificates and public keys, in the same formats. */
const PUBLIC =
  /(?:^|[-_.])(?:certs?|certificates?|chain|fullchain|ca|cacert|bundle|public|pub)[-_.](?:pem|key|.*\.pem)$|\.pub$/

/** From the root; `*` is any name, `**` at the end anything below. */
const PATHS = [
  'etc/shadow etc/shadow- etc/gshadow etc/gshadow- etc/passwd etc/passwd- etc/master.passwd etc/sudoers etc/sudoers.d/**',
  'etc/ssl/private/** etc/pki/tls/private/** etc/letsencrypt/** etc/kubernetes/** etc/rancher/** etc/wireguard/**',
  'etc/krb5.keytab etc/security/opasswd etc/ppp/chap-secrets etc/ppp/pap-secrets etc/mysql/debian.cnf etc/docker/key.json',
  'etc/networkmanager/system-connections/** etc/wpa_supplicant/** etc/ssh/ssh_host_rsa_key etc/ssh/ssh_host_ed25519_key',
  'etc/ssh/ssh_host_ecdsa_key var/run/secrets/** run/secrets/** run/credentials/** var/lib/kubelet/** var/lib/rancher/**',
  'proc/*/environ proc/*/mem proc/*/fd/** proc/*/task/** proc/kcore proc/kmem proc/keys var/db/dslocal/**',
  'windows/system32/config/**',
].flatMap(parts)

/** Devices that hold nobody's data. Any other one is a disk, a memory, or a socket to somewhere. */
const DEVICE = /^(?:null|zero|full|u?random|std(?:in|out|err)|tty|fd(?:\/.*)?|shm(?:\/.*)?)$/

const HOME = '~'
/** NAME_MAX of every common file system, in bytes. */
const NAME_CHARACTERS_MAX = 255

function parts(text: string): string[][] {
  return text.split(' ').map((path) => path.replaceAll('_support', ' support').split('/'))
}

/** Whether a path is, or as a pattern may match, a sensitive file. Relative paths are looked up in each of the folders. */
export function isSensitive(path: string, folders: readonly string[] = []): boolean {
  return candidates(path, folders).some((segments) => isSensitivePath(segments))
}

/** Whether reading everything below a folder reads sensitive files for sure: the root, `/etc`, homes. */
export function isSensitiveTree(path: string, folders: readonly string[] = []): boolean {
  return candidates(path, folders).some(
    (segments) => isSensitivePath(segments) || isHome(segments) || isAboveSensitive(segments),
  )
}

/** Prints the environment of a process. */
export function isEnvironmentFile(path: string): boolean {
  return candidates(path, []).some((segments) => segments[1] === 'proc' && segments.at(-1) === 'environ')
}

function candidates(path: string, folders: readonly string[]): string[][] {
  if (path.startsWith('/') || path.startsWith('~')) return [normalise(path)]
  const rooted = /^(?:\.\.?\/)*\.\.(?=\/)/.exec(path)?.[0]
  // Enough steps up lead to the root, wherever they begin.
  const above = rooted === undefined ? [] : [normalise(path.slice(rooted.length))]
  return [...above, normalise(path), ...folders.map((folder) => normalise(`${folder}/${path}`))]
}

/** Segments in lower case, since some file systems do not tell `.SSH` from `.ssh`; absolute ones begin with an empty one. */
function normalise(path: string): string[] {
  const result: string[] = []
  for (const [i, segment] of path.toLowerCase().split('/').entries()) {
    if (segment === '..') stepUp(result)
    else if (segment !== '.' && (segment !== '' || i === 0)) result.push(segment)
  }
  if (result[0]?.startsWith('~') === true) result[0] = HOME
  return withoutDetours(result)
}

/** The parent of the root is the root. */
function stepUp(segments: string[]): void {
  const last = segments.at(-1)
  if (segments.length === 1 && last === '') return
  if (last === undefined || last === '..') segments.push('..')
  else segments.pop()
}

/** `/proc/self/root/etc/shadow` is `/etc/shadow`; macOS keeps `/etc` under `/private`. */
function withoutDetours(segments: string[]): string[] {
  if (segments[0] !== '') return segments
  if (segments[1] === 'proc' && ['root', 'cwd'].includes(segments[3] ?? ''))
    return withoutDetours(['', ...segments.slice(4)])
  if (segments[1] === 'private') return ['', ...segments.slice(2)]
  return segments
}

function isSensitivePath(segments: readonly string[]): boolean {
  if (isSensitiveName(segments.at(-1) ?? '')) return true
  if (FOLDERS.some((folder) => hasRun(segments, folder))) return true
  if (segments[0] !== '') return false
  const below = segments.slice(1)
  if (below[0] === 'dev' && below.length > 1 && !DEVICE.test(below.slice(1).join('/'))) return true
  return PATHS.some((pattern) => matchesPath(below, pattern))
}

function isSensitiveName(segment: string): boolean {
  // No file system has a name that long.
  if (segment.length > NAME_CHARACTERS_MAX) return false
  if (NAMES.includes(segment)) return true
  if (PUBLIC.test(segment)) return false
  if (!isPattern(segment) && !isDynamic(segment)) return NAME.test(segment)
  if (NAME.test(segment.replaceAll(/[^ -~]+/g, 'x'))) return true
  // Without a letter of its own before the ending it stands for anything, and `cat *.json` is not about keys.
  const stem = segment.startsWith('.') ? segment : segment.replace(/\.[^.]*$/, '')
  return /[a-z.]/.test(stem) && NAMES.some((name) => mayBe(segment, name))
}

function hasRun(segments: readonly string[], run: readonly string[]): boolean {
  return segments.some((_, start) =>
    run.every((name, i) => {
      const segment = segments[start + i]
      return segment !== undefined && (segment === name || (/[a-z]|^\../.test(segment) && mayBe(segment, name)))
    }),
  )
}

function matchesPath(segments: readonly string[], pattern: readonly string[]): boolean {
  const isBelow = pattern.at(-1) === '**'
  const names = isBelow ? pattern.slice(0, -1) : pattern
  if (isBelow ? segments.length <= names.length : segments.length !== names.length) return false
  return names.every((name, i) => name === '*' || mayBe(segments[i] ?? '', name))
}

function isHome(segments: readonly string[]): boolean {
  if (segments[0] === HOME) return segments.length === 1
  const [root, top] = segments
  if (root !== '') return false
  return (top === 'root' && segments.length === 2) || ((top === 'home' || top === 'users') && segments.length <= 3)
}

function isAboveSensitive(segments: readonly string[]): boolean {
  if (segments[0] !== '') return false
  const below = segments.slice(1).filter((segment) => segment !== '')
  return PATHS.some(
    (pattern) => below.length < pattern.length && below.every((name, i) => mayBe(name, pattern[i] ?? '')),
  )
}

/** Whether a segment with marks may stand for a name; `*` of the shell does not match a leading dot. */
function mayBe(segment: string, name: string): boolean {
  if (segment === name) return true
  if (!isPattern(segment) && !isDynamic(segment)) return false
  if (name.startsWith('.') && (segment.startsWith(ANY) || segment.startsWith(ONE))) return false
  return matchesGlob(segment, name)
}

/** The usual two pointers: linear but for the last star. */
function matchesGlob(pattern: string, name: string): boolean {
  let [p, n, star, from] = [0, 0, -1, 0]
  while (n < name.length) {
    const mark = pattern.charAt(p)
    if (mark === ONE || mark === name.charAt(n)) {
      p += 1
      n += 1
    } else if (isMany(mark)) {
      star = p
      p += 1
      from = n
    } else if (star >= 0) {
      p = star + 1
      from += 1
      n = from
    } else {
      return false
    }
  }
  while (isMany(pattern.charAt(p))) p += 1
  return p === pattern.length
}

function isMany(mark: string): boolean {
  return mark === ANY || mark === UNKNOWN || mark === OUTPUT || mark === SPLIT || mark === DIGITS
}
