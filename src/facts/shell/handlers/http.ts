import type { Handler, Judge } from '../judge.ts'
import { DIGITS, isDynamic, isStatic, mayBeOption, OUTPUT, shown, SPLIT } from '../marks.ts'
import { has, optionTable, scan, valueOf, type Scan } from '../options.ts'

/** Options of curl that neither write a file, nor read one, nor run or configure anything. */
const CURL = optionTable(
  [
    '-sSLfkIivgG46#0Najl -H: -A: -e: -m: -u: -b: -w: -X: -r: -d: -F: -T: -o: -O -J -K: -c: -D: -x: -z: -y: -Y: -C: -n -Z',
    '--silent --show-error --location --fail --fail-with-body --insecure --head --include --verbose --globoff --get --ipv4 --ipv6',
    '--http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --tlsv1 --tlsv1.2 --tlsv1.3 --compressed --no-buffer --no-progress-meter',
    '--progress-bar --header: --user-agent: --referer: --max-time: --connect-timeout: --user: --cookie: --write-out: --request:',
    '--range: --retry: --retry-delay: --retry-max-time: --retry-all-errors --retry-connrefused --max-redirs: --url: --data: --data-raw:',
    '--data-binary: --data-urlencode: --data-ascii: --json: --form: --form-string: --upload-file: --output: --remote-name --output-dir:',
    '--remote-header-name --config: --cookie-jar: --dump-header: --proxy: --time-cond: --limit-rate: --path-as-is --raw --basic --digest',
    '--oauth2-bearer: --resolve: --tcp-nodelay --keepalive-time: --ssl-reqd --no-keepalive --parallel --create-dirs --netrc',
  ].join(' '),
)

const DATA = ['-d', '--data', '--data-raw', '--data-binary', '--data-urlencode', '--data-ascii', '--json']
const UPLOADS = ['-F', '--form', '--form-string', '-T', '--upload-file']
const OUTPUTS = ['-o', '--output', '-c', '--cookie-jar', '-D', '--dump-header', '--output-dir']
/** They read a configuration, or send what is asked for somewhere else. */
const REFUSED = ['-K', '--config', '-x', '--proxy', '-n', '--netrc', '--resolve']
const CREDENTIALS = ['-H', '--header', '-u', '--user', '--oauth2-bearer']

const curl: Handler = (call, judge) => {
  const { found } = judge
  found.verb('network')
  const result = scan(call.words, CURL)
  if (result.strange.length > 0) found.unknown('unknown_option:curl')
  if (has(result, ...REFUSED)) found.unknown()
  judgeMethod(result, judge)
  judgeCurlData(result, judge)
  judgeCurlOutput(result, judge)
  judgeSecretPlaces(result, judge)
  for (const { name, value } of result.options) if (name === '--url') result.operands.push(value)
  if (result.operands.length === 0) found.unknown()
  for (const url of result.operands) judgeUrl(url, judge)
}

function judgeMethod(result: Scan, { found }: Judge): void {
  const isData = has(result, ...DATA) && !has(result, '-G', '--get')
  const written = valueOf(result, '-X', '--request')
  const method =
    written ??
    (has(result, '-T', '--upload-file')
      ? 'PUT'
      : isData || has(result, ...UPLOADS)
        ? 'POST'
        : has(result, '-I', '--head')
          ? 'HEAD'
          : 'GET')
  addMethod(method, { found })
  if (isData) found.verb('write')
}

function addMethod(method: string, { found }: Pick<Judge, 'found'>): void {
  if (!isStatic(method)) return found.unknown()
  found.flag(`http:${method.toUpperCase()}`)
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) found.verb('write')
}

function judgeCurlData(result: Scan, { found }: Judge): void {
  for (const { name, value } of result.options) {
    const isUpload = UPLOADS.includes(name)
    if (isUpload) found.flag('upload')
    if (isUpload) found.verb('write')
    if (!isUpload && !DATA.includes(name) && !['-H', '--header', '-b', '--cookie', '-w', '--write-out'].includes(name))
      continue
    // `@file`, `name=@file`, `name=<file`, and a cookie without `=` read a file, which then is sent.
    const file = fileIn(name, value)
    if (file === undefined) continue
    found.unknown('upload')
    found.read(file)
  }
}

/** Where in the value of an option the name of a file stands, which is read and sent. */
const FILE_IN: ReadonlyMap<string, RegExp> = new Map([
  ['-T', /^(.*)$/s],
  ['--upload-file', /^(.*)$/s],
  // Without `=` it is a file of cookies.
  ['-b', /^([^=]+)$/],
  ['--cookie', /^([^=]+)$/],
  ['-F', /^[^=]*=[@<](.*)$/s],
  ['--form', /^[^=]*=[@<](.*)$/s],
  ['--data-urlencode', /^[^=@]*@(.*)$/s],
  ['--data-raw', /^(?!)()/],
  ['--form-string', /^(?!)()/],
])

function fileIn(name: string, value: string): string | undefined {
  return (FILE_IN.get(name) ?? /^@(.*)$/s).exec(value)?.[1]
}

function judgeCurlOutput(result: Scan, { found }: Judge): void {
  for (const { name, value } of result.options) {
    if (OUTPUTS.includes(name) && value !== '-' && value !== '/dev/null' && value !== '/dev/stdout') found.write(value)
    if ((name === '-w' || name === '--write-out') && value.includes('%output')) found.unknown()
  }
  if (has(result, '-O', '--remote-name', '-J', '--remote-header-name')) found.verb('write')
}

/** What is sent is known, but for credentials of a header, which is their place. */
function judgeSecretPlaces(result: Scan, { found }: Judge): void {
  for (const { name, value } of result.options) {
    if (value.includes(SPLIT) || value.includes(OUTPUT) || (!isStatic(value) && !CREDENTIALS.includes(name)))
      found.unknown()
    else if (
      isDynamic(value) &&
      (name === '-H' || name === '--header') &&
      !/^(?:authorization|x-[\w-]*(?:key|token)|private-token|api-?key)\s*:/i.test(value)
    )
      found.unknown()
  }
}

/** Addresses of clouds that hand out credentials to whoever asks from inside. */
const METADATA =
  /^(?:169\.254\.\d+\.\d+|100\.100\.100\.200|192\.0\.0\.192|\[fd00:ec2::254\]|metadata(?:\.google\.internal)?|instance-data(?:\..*)?)$/

function judgeUrl(word: string, judge: Judge): void {
  const { found } = judge
  // curl takes `--url @file` for a list of addresses.
  if (isDynamic(word) || word.includes(DIGITS) || mayBeOption(word) || word.startsWith('@')) found.unknown()
  const text = shown(word)
  if (text === '') return
  // A query has a question mark; a name that is nothing but a pattern is any file.
  if (!isStatic(word) && !/^https?:\/\//.test(text)) found.unknown()
  const url = parsed(text)
  if (url === undefined) return found.unknown()
  found.url(text)
  found.host(url.hostname)
  if (METADATA.test(url.hostname)) found.unknown('secrets')
  if (url.protocol === 'file:') {
    found.verb('read')
    found.read(decoded(url.pathname))
  } else if (!['http:', 'https:', 'ftp:', 'ftps:'].includes(url.protocol)) found.unknown()
}

/** curl puts `f{i}le:` together to a scheme; in a path it is only several addresses. */
const ASSEMBLED = /^[^/?#]*(?:\/\/[^/?#]*)?/

function parsed(text: string): URL | undefined {
  const start = ASSEMBLED.exec(text)?.[0] ?? ''
  if (/[{}[\]]/.test(start.replace(/\[[\da-f:.]+\]/i, ''))) return undefined
  // `file:/etc/hosts` is an address, `localhost:8080` is a host.
  const withScheme = /^[a-z][a-z\d+.-]*:\//i.test(text) ? text : `http://${text}`
  return URL.canParse(withScheme) ? new URL(withScheme) : undefined
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A broken escape is no file name that can be looked up.
    return '\0'
  }
}

const WGET = optionTable(
  [
    '-qSdvbcNxrlkpmnHE46F -O: -T: -t: -U: -w: -Q: -P: -i: -o: -a: -e: -A: -R: -D: --quiet --server-response --spider --no-verbose --verbose',
    '--output-document: --timeout: --connect-timeout: --read-timeout: --dns-timeout: --tries: --user-agent: --header: --method: --body-data: --post-data:',
    '--post-file: --body-file: --no-check-certificate --max-redirect: --user: --password: --inet4-only --inet6-only --no-proxy',
    '--show-progress --no-cache --content-on-error --save-headers --wait: --retry-connrefused --compression: --https-only --no-hsts',
  ].join(' '),
)

const wget: Handler = (call, judge) => {
  const { found } = judge
  found.verb('network')
  const result = scan(call.words, WGET)
  if (result.strange.length > 0) found.unknown('unknown_option:wget')
  if (has(result, '-i', '-e', '-b', '-r', '-m', '-P')) found.unknown()
  judgeWgetOptions(result, judge)
  const isData = has(result, '--post-data', '--post-file', '--body-data', '--body-file')
  addMethod(valueOf(result, '--method') ?? (isData ? 'POST' : 'GET'), judge)
  const output = valueOf(result, '-O', '--output-document')
  // Without a name, the file gets the one that the other side chooses.
  if (output === undefined && !has(result, '--spider')) found.verb('write')
  else if (output !== undefined && !STREAMS.has(output)) found.write(output)
  for (const url of result.operands) judgeUrl(url, judge)
}

const STREAMS = new Set(['-', '/dev/stdout', '/dev/null'])

function judgeWgetOptions({ options }: Scan, { found }: Judge): void {
  for (const { name, value } of options) {
    if (name === '-o' || name === '-a') found.write(value)
    if (value.includes(OUTPUT) || (isDynamic(value) && !/^authorization:/i.test(value))) found.unknown()
    if (name !== '--post-file' && name !== '--body-file') continue
    found.flag('upload')
    found.read(value)
  }
}

const HTTPIE = optionTable(
  '-hbvqFIkjpdS -a: -A: -p: -t: -o: --headers --body --verbose --quiet --follow --json --pretty: --print: --timeout: --auth: --auth-type: --verify: --check-status --ignore-stdin --stream --download --output: --no-verify',
)

/** HTTPie and xh: method, address, then items that make a body. */
const httpie: Handler = (call, judge) => {
  const { found } = judge
  found.verb('network')
  const result = scan(call.words, HTTPIE)
  if (result.strange.length > 0 || result.injectable) found.unknown(`unknown_option:${call.program}`)
  if (has(result, '-o', '--output', '-d', '--download')) found.verb('write')
  const [first = '', ...rest] = result.operands
  const hasMethod = /^[A-Za-z]+$/.test(first) && rest.length > 0
  const [url = '', ...items] = hasMethod ? rest : result.operands
  const isFed = call.input.isPiped && !has(result, '--ignore-stdin')
  const isBody = isFed || items.some((item) => isBodyItem(item))
  addMethod(methodOf(hasMethod ? first : '', isBody), judge)
  if (isBody) found.verb('write')
  judgeUrl(url.replace(/^:(?=\d|\/|$)/, 'localhost:'), judge)
}

function methodOf(written: string, isBody: boolean): string {
  if (written !== '') return written
  return isBody ? 'POST' : 'GET'
}

/** `name==value` is a query, `Name:value` a header; everything else is sent as a body, or is a file. */
function isBodyItem(item: string): boolean {
  return !/^[\w-]+(?:==|:(?![=@]))/.test(item) || isDynamic(item) || item.includes('@')
}

export const HTTP_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['curl', curl],
  ['wget', wget],
  ['http', httpie],
  ['https', httpie],
  ['xh', httpie],
  ['xhs', httpie],
])
