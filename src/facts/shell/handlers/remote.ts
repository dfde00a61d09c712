import type { Handler, Input, Judge } from '../judge.ts'
import { isDynamic, isStatic } from '../marks.ts'
import { has, optionTable, scan, valueOf, type FoundOption, type Scan } from '../options.ts'

const SSH = optionTable(
  '-46AaCfGgKkMNnqsTtVvXxYy -B: -b: -c: -D: -E: -e: -F: -I: -i: -J: -L: -l: -m: -O: -o: -p: -Q: -R: -S: -W: -w:',
)

/** Keys of `-o` that neither start a program nor open a way. */
const KEYS =
  /^(?:ConnectTimeout|ConnectionAttempts|StrictHostKeyChecking|BatchMode|LogLevel|ServerAlive(?:Interval|CountMax)|TCPKeepAlive|Compression|Port|User|AddressFamily|IdentitiesOnly|PasswordAuthentication|PreferredAuthentications|RequestTTY|NumberOfPasswordPrompts|HostKeyAlgorithms|Ciphers|KexAlgorithms|MACs)=/i

/** Options that only choose how to speak; forwarding, config files and control sockets are not among them. */
const HARMLESS = new Set([
  '-4',
  '-6',
  '-a',
  '-C',
  '-k',
  '-n',
  '-q',
  '-T',
  '-t',
  '-v',
  '-x',
  '-c',
  '-i',
  '-l',
  '-m',
  '-o',
  '-p',
  '-B',
  '-b',
])

/** `ssh host command`: the words are joined, and a shell on the other side reads them. */
const ssh: Handler = (call, judge) => {
  const { found } = judge
  found.verb('network')
  found.flag('remote')
  const before = scan(call.words, SSH, { stopAtOperand: true })
  const host = call.words[before.end] ?? ''
  // Options may stand behind the host, too.
  const after = scan(call.words, SSH, { stopAtOperand: true, from: before.end + 1 })
  if (!isHarmless(before) || !isHarmless(after)) found.unknown('unknown_option:ssh')
  if (host === '' || !isStatic(host)) found.unknown()
  else found.host(host.slice(host.lastIndexOf('@') + 1))
  const command = call.words.slice(after.end)
  // Without a command it is a shell, which reads what is piped in.
  if (command.length === 0) found.verb('code')
  const text = command.length === 0 ? call.input.text : command.join(' ')
  if (text !== undefined) judge.script(text, { via: 'ssh' })
  // What is piped to a command on another machine leaves this one.
  if (call.input.isPiped && !has(before, '-n')) found.verb('unknown')
}

function isHarmless({ options, strange }: Scan): boolean {
  return strange.length === 0 && options.every((option) => isHarmlessOption(option))
}

function isHarmlessOption({ name, value }: FoundOption): boolean {
  if (!HARMLESS.has(name) || isDynamic(value)) return false
  return name !== '-o' || KEYS.test(value.replace(/\s*[=\s]\s*/, '='))
}

const OPENSSL: ReadonlyMap<string, string> = new Map([
  ['version', '-a -b -d -f -o -p -r -v -m'],
  [
    'x509',
    '-in:r -inform: -noout -text -subject -issuer -dates -startdate -enddate -fingerprint -serial -pubkey -purpose -modulus -hash -subject_hash -issuer_hash -ext: -checkend: -checkhost: -nameopt: -sha256 -sha1 -md5 -email -ocsp_uri -alias',
  ],
  ['req', '-in:r -inform: -noout -text -subject -verify -pubkey -modulus -nameopt:'],
  ['crl', '-in:r -inform: -noout -text -issuer -lastupdate -nextupdate -hash -fingerprint'],
  ['verify', '-CAfile:r -CApath: -untrusted:r -verbose -show_chain -purpose: -x509_strict'],
  ['dgst', '-sha256 -sha1 -sha512 -sha384 -md5 -hex -binary -r -c'],
  ['sha256', ''],
  ['sha1', ''],
  ['md5', ''],
  ['base64', '-d -e -A -in:r'],
  ['rand', '-hex -base64'],
  ['ciphers', '-v -V -s -tls1_2 -tls1_3 -stdname'],
  ['asn1parse', '-in:r -inform: -i -dump -noout -oid:r -offset: -length:'],
  [
    's_client',
    '-connect: -servername: -showcerts -tls1 -tls1_1 -tls1_2 -tls1_3 -brief -verify: -verify_return_error -alpn: -starttls: -status -CAfile:r -cipher: -ciphersuites: -4 -6 -prexit',
  ],
  ['list', '-commands -digest-algorithms -cipher-algorithms -public-key-algorithms -providers'],
  ['help', ''],
])

/** `openssl`: showing certificates and hashing; keys and everything that writes is unknown. */
const openssl: Handler = ({ words, input }, judge) => {
  const { found } = judge
  const [name = '', ...rest] = words
  const options = OPENSSL.get(name)
  if (options === undefined) return found.unknown('unknown_action:openssl')
  const result = scan(rest, optionTable(options, true), { isSingle: true })
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:openssl')
  found.verb('read')
  // Of a certificate only what is public is shown, of a hashed file only its hash.
  const use = /^(?:x509|req|crl|verify|dgst|sha|md5)/.test(name) ? 'name' : 'content'
  for (const { use: kind, value } of result.options) if (kind === 'read') found.read(value, use)
  if (name === 's_client') judgeConversation(result, input, judge)
  else if (name !== 'rand') for (const path of result.operands) found.read(path, use)
}

/** An empty line ends the conversation; anything else is sent. */
function judgeConversation(result: Scan, { isPiped, file, text }: Input, { found }: Judge): void {
  found.verb('network')
  found.host((valueOf(result, '-connect') ?? '').replace(/:\d+$/, ''))
  const isNothing = !isPiped || file === '/dev/null' || (text !== undefined && /^[\sQ]*$/.test(text))
  if (!isNothing) found.unknown('upload')
}

const GPG = optionTable(
  '-kKv --list-keys --list-public-keys --list-secret-keys --list-sigs --fingerprint --list-packets --with-colons --with-fingerprint --keyid-format: --verify --list-config --no-default-keyring',
)

const gpg: Handler = ({ words }, { found }) => {
  const result = scan(words, GPG)
  found.verb('read')
  const shows = result.options.some(({ name }) => /^(?:-k|-K|--list-.*|--fingerprint|--verify)$/.test(name))
  if (result.strange.length > 0 || result.injectable || !shows) found.unknown('unknown_option:gpg')
}

export const REMOTE_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['ssh', ssh],
  ['mosh', ssh],
  ['openssl', openssl],
  ['gpg', gpg],
  ['gpg2', gpg],
])
