// What points to a secret, or to where one is asked for, and is none: variables of programs, entries of vaults, types of media,
// routes, files.
import { entityId } from '../entities.ts'
import { classifyKey, type KeyKind } from './dictionary.ts'

/** A longer text, in code units, is none. */
const REFERENCE_MAX = 200
const NAME = String.raw`[A-Za-z_][\w-]{0,80}`
const REFERENCES: readonly string[] = [
  String.raw`process\.env(?:\.${NAME}|\[['"]?${NAME}['"]?\])!?`,
  String.raw`(?:os\.)?environ(?:\.get\(|\[)["']?${NAME}["']?[)\]]?`,
  String.raw`(?:os\.)?(?:getenv|Getenv)\(["']?${NAME}["']?\)|env\(["']${NAME}["']\)|ENV\[["']${NAME}["']\]`,
  String.raw`(?:secrets|vars|env|var|import\.meta\.env)\.[A-Za-z_]+(?:_[A-Za-z\d]{1,8})*`,
  String.raw`!(?:secret|env|env_var|vault|Ref|ImportValue)\s+[\w./-]{1,80}`,
  String.raw`(?:op|sm|secret|secretref|ref\+[a-z]{2,20}):\/\/[A-Za-z][\w. /@-]*(?:[#?][\w./=&-]*)?`,
  String.raw`arn:aws(?:-[a-z]+)*:(?:secretsmanager|ssm|kms):[\w./:-]+`,
  String.raw`projects\/[\w-]+\/secrets\/[\w-]+(?:\/versions\/\w+)?`,
  String.raw`(?:Basic|Bearer)\s+\$[a-z_]+`,
  String.raw`(?:application|audio|font|image|multipart|text|video)\/[a-z\d.+-]+`, // application/jwt
  String.raw`@Microsoft\.KeyVault\([^()]*\)`,
  String.raw`<%[=-]?\s*@?[A-Za-z_]+(?:\.[A-Za-z_]+)*(?:\[[:'"][A-Za-z_]+['"]?\])*\s*-?%>|#\{@?[a-z_]+(?:\.[a-z_]+)+\}`, // <%= password %>, #{db.password}
  String.raw`\[(?:your|my|enter|insert|put|add)(?:[ _-][A-Za-z]+){1,5}\]`, // [your password]
]
/** What is encrypted for whoever keeps it in a file: by SOPS, eyaml, Jasypt. Passwords that wait for it are shorter, or no base64. */
const ENCRYPTED =
  /^ENC(?:\[(?:AES256_GCM,data:[\w+/=]*,iv:[\w+/=]+,tag:[\w+/=]+,type:[a-z]+|(?:PKCS7|GPG|KMS),[\w+/=\s]{24,})\]|\((?:[A-Za-z0-9+/]{4}){5,}[A-Za-z0-9+/]{2}[A-Za-z0-9+/=]{2}\))$/
const ENCRYPTED_MAX = 4_096
const REFERENCE = new RegExp(`^(?:${REFERENCES.join('|')})$`)
/** A parameter of a statement: `:password`. */
const BOUND = /^[:@]([A-Za-z_]{2,40})$/

/** Whether a text says where a value is to be taken from. */
export function isReference({ entity }: KeyKind, text: string): boolean {
  if (text.startsWith('ENC') && text.length <= ENCRYPTED_MAX && ENCRYPTED.test(text)) return true
  if (text.length > REFERENCE_MAX) return false
  const value = text.replaceAll('\\', '').trim()
  const bound = BOUND.exec(value)?.[1]
  return REFERENCE.test(value) || (bound !== undefined && classifyKey(bound)?.entity === entity)
}

const PASSWORD = entityId('password')
const ROUTE_MAX = 160
const ROUTE =
  /^(?:https?:\/\/[a-z][a-z\d-]{0,40}(?:\.[a-z][a-z\d-]{0,40}){0,5}(?::\d{1,5})?(?=\/|$)|~|\.{1,2}|)((?:\/[^/]*)*)$/i
/** Words, as people write them, without a number behind them: a password may have one. */
const STEP = /^(?:[a-z]+|[A-Z][a-z]+|[A-Z]+)(?:[-_.](?:[a-z]+|[A-Z][a-z]+|[A-Z]+))*$|^[a-z]{2,}(?:[A-Z][a-z]{2,}){1,3}$/
/** `v2.0`, `{id}`, `:id`, and names that have a number of their own. */
const MARK =
  /^(?:v?\d{1,2}(?:\.\d{1,2})?|\{\w{1,40}\}|:[a-z]\w{0,40}|<\w{1,40}>|\*{1,2}|\.[a-z]{2,12}|o?auth[12]|s3|k8s|x509|)$/
/** What a route is of, where a password could be a path as well. */
const OF_SECRETS = /pass|secret|token|credential|auth|login|\{\w/i
const LETTERS = /[A-Za-z]+/g
/** So many in a row are hardly in a word, but most random letters have them somewhere. */
const CONSONANTS = /[bcdfghj-np-tvwxz]{5}/i
/** A shorter word may be an abbreviation. */
const ABBREVIATION_MAX = 5
const WORD_MAX = 24

/** Whether a value is the path of a page, an endpoint or a file, or a URL with such a path, and nothing in it looks made by chance. */
export function isRoute({ entity }: KeyKind, text: string): boolean {
  if (text.length > ROUTE_MAX) return false
  const steps = ROUTE.exec(text)?.[1]?.split('/').slice(1)
  if (steps === undefined || !steps.every(isStep)) return false
  if (text.startsWith('http')) return true
  if (entity === PASSWORD && !OF_SECRETS.test(text)) return false
  return steps.some((step) => STEP.test(step) && step.length > 2)
}

function isStep(step: string): boolean {
  if (MARK.test(step)) return true
  if (!STEP.test(step)) return false
  return (step.match(LETTERS) ?? []).every(
    (word) => word.length <= WORD_MAX && (word.length <= ABBREVIATION_MAX || !CONSONANTS.test(word)),
  )
}
