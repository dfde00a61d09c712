// Credentials in the arguments of a call, found by their form. Few and sure: a finding refuses the call in the shipped
// rules. Each pattern starts with a literal and reads a bounded or greedy run without a way back, so a search is linear.
import { decodeUtf8, fromBase64Url } from '../../base/bytes.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { badCharacters } from '../text.ts'

/** Prefixes of vendors. The part before a secret may not be a letter, or `task-` would begin a key. */
const PREFIXED = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    'gh[pousr]_[A-Za-z0-9]{36}',
    'github_pat_[A-Za-z0-9_]{50}',
    '(?:glpat|gldt|glrt|glptt|glsoat|glcbt|glimt|glft|glagent|gloas)-[A-Za-z0-9_-]{20}',
    'xox[abeprso](?:\\.xox[bp])?-[A-Za-z0-9-]{10}',
    'xapp-\\d-[A-Z0-9]{8,12}-\\d',
    '[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16}',
    'whsec_[A-Za-z0-9+/]{32}',
    'AIza[A-Za-z0-9_-]{35}',
    'npm_[A-Za-z0-9]{36}',
    'pypi-AgE[A-Za-z0-9_-]{50}',
    'SG\\.[A-Za-z0-9_.=-]{66}',
    'SK[0-9a-f]{32}(?![0-9a-f])',
    'sk-ant-[A-Za-z0-9_-]{24}',
    'sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40}',
    'sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
    'sk-or-v1-[0-9a-f]{64}',
    '(?:dop|doo|dor)_v1_[0-9a-f]{64}',
    'hv[sb]\\.[A-Za-z0-9_-]{24}',
    'dapi[0-9a-f]{32}',
    'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
    'HRKU-[A-Za-z0-9_-]{36}',
    'key-[0-9a-f]{32}(?![0-9a-f])',
    'hf_[A-Za-z]{34}',
    'lin_api_[A-Za-z0-9]{40}',
    'ntn_[A-Za-z0-9]{40}',
    'PMAK-[0-9a-f]{24}-[0-9a-f]{34}',
    'rubygems_[0-9a-f]{48}',
    'tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8}',
    'glc_[A-Za-z0-9+/]{32}',
    'glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}',
    'pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.-]{32}',
    'sq0(?:atp|csp)-[A-Za-z0-9_-]{22}',
    'xkeysib-[0-9a-f]{64}',
    'sntry[su]_[A-Za-z0-9+/=_-]{40}',
    'dp\\.(?:pt|st|ct|sa)\\.[A-Za-z0-9._-]{40}',
    'pul-[0-9a-f]{40}',
    'AGE-SECRET-KEY-1[A-Z0-9]{58}',
    '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])',
    'LTAI[A-Za-z0-9]{20}',
    'pplx-[A-Za-z0-9]{48}',
    'r8_[A-Za-z0-9]{37}',
    'gsk_[A-Za-z0-9]{52}',
    'xai-[A-Za-z0-9]{70}',
    'ops_eyJ[A-Za-z0-9+/]{60}',
    'pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}',
    'CLOJARS_[A-Za-z0-9]{60}',
    'EZ[AT]K[A-Za-z0-9]{54}',
    'FLWSECK_TEST-[A-Za-z0-9]{12}',
    'fio-u-[A-Za-z0-9_=-]{64}',
    'eyJrIjoi[A-Za-z0-9]{70}',
    '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60}',
    'ico-[A-Za-z0-9]{32}',
    'sha256~[A-Za-z0-9_-]{43}',
    'pnu_[A-Za-z0-9]{36}',
    'rdme_[a-z0-9]{70}',
    'tk-us-[A-Za-z0-9_-]{48}',
    'shippo_(?:live|test)_[0-9a-f]{40}',
    'sgp_[A-Za-z0-9_]{40}',
    'duffel_(?:test|live)_[A-Za-z0-9_=-]{43}',
    'dt0c01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}',
    'api_org_[A-Za-z]{34}',
    'v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}',
    'EAA[MC][A-Za-z0-9]{100}',
    'fm[12][ar]?_[A-Za-z0-9+/]{100}',
    'GR1348941[A-Za-z0-9_-]{20}',
    'ATATT3[A-Za-z0-9_=-]{60}',
    'fo1_[A-Za-z0-9_-]{43}',
    '\\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])',
  ].join('|')})`,
  'g',
)

/** A name, then the value in the form that the vendor gives it. */
const NAMED = [
  /(?:aws_?)?secret_?(?:access_?)?key["'\s:=]{1,8}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/gi,
  /AccountKey=([A-Za-z0-9+/]{80,90}={0,2})/g,
  /SharedAccessKey=([A-Za-z0-9+/]{40,50}={0,2})/g,
  /[?&]sig=([A-Za-z0-9%]{43,80})/g,
  /authorization["'\s:=]{1,6}(?:bearer|basic|token)\s{1,3}([\w.~+/=-]{8,})/gi,
  /hooks\.slack\.com\/(?:services|workflows)\/([A-Za-z0-9/]{30,})/g,
] as const

/** Three parts; a start inside of a word is none, which also keeps the search linear. */
const JWT = /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g
const PEM_BEGIN = '-----BEGIN '
/** Letters of a header such as `ENCRYPTED PRIVATE KEY-----`, and then of its body. */
const PEM_REST =
  /^(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]){0,8}(?:[A-Za-z-]{4,12}: [^\n]{0,100}\n\s{0,4}){0,4}[A-Za-z0-9+/]{16}/
const PEM_REST_CHARS = 480
/** Characters of `user:password@host` that are looked at. */
const AUTHORITY_CHARS = 512
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|pass(?:word|wd)?|pwd|secret|changeme|redacted|example|your.*|my.*|token|placeholder|\[?(?:redacted|masked).*|<.*|\$.*|\{.*|%[sv].*|.*\*{3}.*)$/i

/** How many different credentials stand in a text, such as the JSON of arguments. Finds nothing twice. */
export function countSecrets(text: string): number {
  const plain = withoutEscapes(text)
  const found = new Set<string>(plain.match(PREFIXED) ?? [])
  for (const pattern of NAMED)
    for (const [, value = ''] of plain.matchAll(pattern)) if (!PLACEHOLDER.test(value)) found.add(value)
  for (const [token, header = ''] of plain.matchAll(JWT)) if (isJwtHeader(header)) found.add(token)
  for (const key of privateKeys(plain)) found.add(key)
  for (const password of urlPasswords(plain)) found.add(password)
  return found.size
}

/** Whether a text, also of JSON with escapes, has characters that a person who reads it does not see. */
export function findHiddenCharacters(text: string): boolean {
  return badCharacters(text) !== undefined || badCharacters(withoutEscapes(text)) !== undefined
}

/** Escapes of JSON undone: `\u0067` hides a letter, and the `n` of `\n` would stand before a secret as one. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g,
    (_, hex: string | undefined, char: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      return char !== undefined && '"\\/'.includes(char) ? char : '\n'
    },
  )
}

/** RFC 7515, section 4: the header is a JSON object with `alg`. */
function isJwtHeader(text: string): boolean {
  const bytes = fromBase64Url(text)
  if (bytes === undefined) return false
  try {
    const header = parseJson(decodeUtf8(bytes))
    return isObject(header) && typeof header['alg'] === 'string'
  } catch {
    return false
  }
}

function privateKeys(text: string): readonly string[] {
  const keys: string[] = []
  for (let at = text.indexOf(PEM_BEGIN); at >= 0; at = text.indexOf(PEM_BEGIN, at + PEM_BEGIN.length)) {
    const start = at + PEM_BEGIN.length
    const block = PEM_REST.exec(text.slice(start, start + PEM_REST_CHARS))?.[0]
    if (block !== undefined) keys.push(block)
  }
  return keys
}

/** `scheme://user:password@host`, where the password is none that documents show. */
function urlPasswords(text: string): readonly string[] {
  const passwords: string[] = []
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const authority = /^[^/?#\s"'<>\\]*/.exec(text.slice(at + 3, at + 3 + AUTHORITY_CHARS))?.[0] ?? ''
    const end = authority.lastIndexOf('@')
    const colon = authority.indexOf(':')
    const password = colon >= 0 && colon < end ? authority.slice(colon + 1, end) : ''
    if (password !== '' && !PLACEHOLDER.test(password)) passwords.push(password)
  }
  return passwords
}
