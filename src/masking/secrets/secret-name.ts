// Whether the name of a setting says that its value is a secret: `client_secret`, `apiKey`, `X-Auth-Token`; not `token_count`,
// `public_key`, `nextPageToken`, `keyboard`. Names come from code, configuration and logs, so they are read word by word.

/** Words that end such a name, also written together with what stands before: `dbpassword`, `apikey`. */
const SECRET_WORD =
  /(?:password|passwd|passwort|passphrase|passcode|pwd|secret|token|apikey|accesskey|secretkey|privatekey|authkey|credential|credentials|creds|userpass|dbpass)$/
/** A key is a secret where one of these stands before it. */
const KEY_OF =
  /^(?:api|apis|access|secret|private|auth|service|account|encryption|signing|master|app|application|client|license|webhook|storage|session|shared|admin|write|ingest|integration|hmac|jwt|aes|deploy|deployment|root|server|subscription|user|bot|rest|dev|prod|test|live|wallet|ssh|sas)$/
/** Alone or at the end: `user_auth`, `db_pass`. */
const LAST_WORD = /^(?:auth|pass|pat|jwt|bearer|authtoken)$/
/** Before the word they say that it is something else: a key of a table, a page of a list, a number of tokens. */
const NOT_BEFORE =
  /^(?:public|pub|primary|foreign|next|prev|previous|page|pagination|continuation|sync|cursor|cache|sort|partition|bucket|object|row|max|min|total|num|number|input|output|prompt|completion|no|invalid|expired|missing|idempotency|dedup|error|reset|required|hash|lexer|parser|syntax|end|start|first|last|bos|eos|pad|unk|cls|sep)$/
/** After the word they say that the value is about the secret, not the secret. */
const NOT_AFTER =
  /^(?:id|ids|name|names|type|types|kind|url|urls|uri|endpoint|path|file|filename|dir|count|counts|length|len|size|limit|max|min|usage|used|total|expires|expiry|expired|expiration|expire|ttl|at|date|time|created|updated|changed|version|status|state|enabled|disabled|required|policy|format|label|hint|arn|region|issuer|audience|scope|scopes|index|position|offset|space|store|manager|provider|service|class|method|function|fn|event|down|up|press|pressed|board|word|words|pair|chain|ring|map|list|array|schema|field|column|selector|fingerprint|algorithm|alg|source|results|result|ref|reference|template|model|factory|handler|helper|utils|validator|generator|location|owner|rotation|reset|resets|prefix|suffix|meshing|signatures?|exists?|valid|group|groups|role|roles|row|rows|test|spec|ts|tsx|js|jsx|mjs|cjs|py|go|rs|java|rb|php|cs|cc|cpp|json|ya?ml|md|html|css|svg|png|txt|toml|lock)$/

/** How sure a name is: `strong` names hold secrets of any look, `weak` ones mostly. */
export type NameVerdict = 'strong' | 'weak' | 'no'

export function judgeName(name: string): NameVerdict {
  const words = wordsOf(name)
  const last = words.findLastIndex((word, index) => isSecretWord(words, word, index))
  if (last < 0) return 'no'
  if (words.slice(0, last).some((word) => NOT_BEFORE.test(word))) return 'no'
  const after = words.slice(last + 1)
  if (after.some((word) => NOT_AFTER.test(word))) return 'no'
  return LAST_WORD.test(words[last] ?? '') ? 'weak' : 'strong'
}

/** Words in small letters: split at case changes and at whatever is no letter. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

function isSecretWord(words: readonly string[], word: string, index: number): boolean {
  if (SECRET_WORD.test(word) || LAST_WORD.test(word)) return true
  return word === 'key' && KEY_OF.test(words[index - 1] ?? '')
}
