const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Words that stand where a value is told about, not given: "password: required", "token is expired". */
export const NO_VALUES =
  words(`null none nil undefined nan n/a na unknown unset unspecified empty blank missing absent required mandatory
  optional invalid valid incorrect correct wrong expired revoked changed unchanged updated reset set unset default hidden masked redacted
  filtered removed omitted protected encrypted hashed enabled disabled yes no on off true false ok okay good bad weak strong short long
  todo tbd tba here below above see the a an your my our their his her its this that these those same other another any some all each every
  not never always only also already still just too very so as at by for from in into of off on onto or and but to with without within
  about after before if then else when where while until unless because since than is are was were be been being has have had do does did
  can could may might must shall should will would please enter type choose create confirm forgot forgotten forget remember provide specify
  use using used useful stored sent saved needed expected given provided generated created deleted rotated shared secret secrets password
  passwords token tokens key keys credential credentials login user username name value string text number field include same-origin omit
  basic bearer digest oauth oauth2 jwt saml ldap sso apikey api_key session cookie cookies custom plain plaintext private public
  sha1 sha256 sha384 sha512 md5 hs256 rs256 es256 aes256 aes-256 base64 utf8 utf-8 bcrypt argon2 pbkdf2 scrypt x509 pkcs8 pkcs12 ed25519
  access_token refresh_token id_token client_secret access_key secret_key secret_access_key aws_access_key_id aws_secret_access_key
  authorization_code device_code client_credentials xoauth2 gssapi ntlm amd64 arm64 armhf i386 i686 x86_64 aarch64 ppc64el ppc64le s390x riscv64
  authentication authorization access denied granted failed failure error success successful successfully verified unverified pending
  read write admin owner active minimum maximum length lifetime inactive available unavailable supported unsupported found one two longer contains containing contain consists between
  erforderlich ungültig falsch vergessen abgelaufen fehlt notwendig ist wird wurde muss darf kann nicht kein keine der die das ein eine
  requerido requerida obligatorio obligatoria inválido inválida incorrecto incorrecta olvidada debe es no la el un una su tu
  obrigatório obrigatória incorreta esqueceu deve não obligatoire requis invalide incorrect oublié expiré doit ne pas le les un une votre
  obbligatorio obbligatoria non valida scaduto dimenticata deve è il lo vereist ongeldig vergeten verlopen moet niet een het
  wymagane nieprawidłowe niepoprawne zapomniałeś jest nie musi povinné neplatné zapomenuté musí je krävs ogiltigt fel glömt måste är inte
  gerekli geçersiz yanlış unuttum zorunlu обязательно обязателен неверный неверно забыли истек должен не это`)

/** Types of values, as schemas, languages and databases call them. */
export const TYPE_NAMES =
  words(`string number integer boolean object array any unknown never void bool int int32 int64 uint long float float64 double
  decimal char byte bytes str dict list tuple bytearray optional secretstr securestring varchar nvarchar text bigint uuid date datetime
  timestamp json jsonb blob binary bytea serial number|string string|null string|undefined null|string option result box vec rune error
  buffer uint8array cryptokey keyobject record map set promise partial ref sensitive file`)

/** Stand-ins of documentation and configuration, and what was masked before. */
const PLACEHOLDER = new RegExp(
  [
    String.raw`\$\{[^}]*\}`, // ${NAME}
    String.raw`\$\([^)]*\)`,
    String.raw`\$(?:env:)?[A-Z_][A-Z0-9_]*`,
    String.raw`\$\d{1,2}`,
    String.raw`#?\{\{[^{}]*\}\}|[#%]?\{[A-Za-z_]*\}`, // {{ name }}, {name}, #{name}
    String.raw`\$\{\{[^{}]*\}\}`,
    String.raw`<[A-Za-z_ .:/|-]*>`, // <password>
    String.raw`&lt;[\w .-]*&gt;`,
    String.raw`%[A-Z_][A-Z0-9_]*%`,
    String.raw`\.{1,2}\/(?:(?:[\w@*.-]+\/)+[\w@*.-]*|[\w-]+\.\w{1,5})`, // ./dist/jwt.js
    String.raw`file:(?=\S*[./])[\w./~-]+|env:[A-Z_][A-Z0-9_]*|(?:vault|secrets?):[\w.-]+\/[\w./#-]+`, // file:/run/secrets/mail
    String.raw`%\(?\w*\)?[sdvqr]`,
    String.raw`\[[A-Z _-]*\]|[[(](?:[Rr]edacted|[Ff]iltered|[Hh]idden|[Mm]asked|[Rr]emoved|[Nn]one|[Ee]mpty|[Uu]nset|[Nn]ot set)[\])]`, // [REDACTED]
    String.raw`__[A-Z]+(?:_[A-Z]+)*__|@@[A-Z]+(?:_[A-Z]+)*@@`, // __DB_PASSWORD__
    String.raw`[*\u2022.\u2026_?#-]+|[xX]{3,}`,
    String.raw`redacted(?::[a-z_]+(?::\d+)?)?`,
    String.raw`sur_[a-z_]+_[0-9a-z]{18}|h_[a-z_]+_[0-9a-z]{16}`,
    String.raw`s-[0-9a-z]{18}@mask\.invalid|https:\/\/mask\.invalid\/\S*`,
  ]
    .map((one) => `(?:${one})`)
    .join('|')
    .replace(/^/, '^(?:')
    .replace(/$/, ')$'),
)

/** Directives of formats: `%s`, `%-08.3f`, `%(name)s`, `{}`, `{0:>8}`. */
const DIRECTIVE = String.raw`(?:%(?:\(\w*\))?[-+ #0]{0,2}\d{0,3}(?:\.\d+)?(?:ll?|h|z)?[bcdefgiopqrstuvxXG]|\{(?:\d{0,2}|[A-Za-z_.]*)(?:[:!][^{}]{0,8})?\})`
/** Nothing but directives, signs, and names that are given one: `%s:%s`, `--user=%s`, `s:%s`. */
const FORMAT = new RegExp(
  String.raw`^(?=[^%{]*[%{])(?:${DIRECTIVE}|[\s:;,@/|.'"()<>-]|[A-Za-z][\w-]{0,40}[=:](?=${DIRECTIVE}))+$`,
)

/** Whether a text only stands for a value. */
export function isPlaceholder(text: string): boolean {
  const value = text.replace(/^(?:bearer|basic|digest|negotiate|token)\s+/i, '').trim()
  return PLACEHOLDER.test(value) || ((value.includes('%') || value.includes('{')) && FORMAT.test(value))
}

/** Left of a value after all but a few of its letters and digits were covered: `xxxx-xxxx-xxxx-1111`. */
export function isCovered(text: string): boolean {
  if (text.startsWith('x.at.')) return true
  const covers = text.replaceAll(/[^xX*\u2022]/g, '').length
  const rest = text.replaceAll(/[^\p{L}\p{N}]|[xX]/gu, '').length
  return covers >= 4 && rest <= 6
}

const ALGORITHM =
  /^(?:hmac|sha|md|rsa|aes|ecdsa|ed|[rhpe]s|v)[-_]?\d{1,5}(?:with\w+|[-_/]\w{1,10})*$|^(?:cram|digest|scram)-(?:md5|sha-?\d+(?:-plus)?)$/

/** Whether a word says that there is no value, or speaks about it. */
export function isNoValue(text: string): boolean {
  const word = text
    .trim()
    .toLowerCase()
    .replaceAll(/^["'`([]+|["'`.,;:!?)\]]+$/g, '')
  return NO_VALUES.has(word) || ALGORITHM.test(word)
}
