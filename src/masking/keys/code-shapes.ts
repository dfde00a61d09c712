// Values in source code are expressions; what they stand for is not in the text.

const PATH = String.raw`[A-Za-z_$][\w$]*(?:(?:\?\.|!\.|\.|::|->)[A-Za-z_$][\w$]*)*`
const CALL = new RegExp(String.raw`^[!&*@]*(?:${PATH})!?\s?(?:\([^)]*|\[['"\\\w:@$]|\{\s|\{$)`)
const GENERIC = /^(?:[a-z]\w*\.)+[\w$]+<|^(?:\w+\.)*[A-Z]\w*(?:<\[?[A-Za-z][\w., |[\]<>]*>?|(?:\[\])+)/
const KEYWORD =
  /^(?:new|a(?:wait|sync)|function|typeof|yield|return|lambda|not|import|require|raise|throw|void|delete|select|from|readonly|struct|class|interface|enum|fn|func|def|mut|ref|unsafe|if|match|case|data|var)\s/
const OPERATOR = new RegExp(
  String.raw`^(?:${PATH})\s*(?:\|\|?|&&?|\?\??|[!=]==?|[+*%]|[<>]=?|\bor\b|\band\b|\bas\b|\bis\b|\bin\b|\bif\b)\s`,
)
/** Two names or more, letters only but for a digit at the end of one: `config.auth.token`. */
const MEMBER = /^(?:[a-zA-Z_$]+\d{0,2})(?:(?:\?\.|!\.|\.|::|->)#?[a-zA-Z_$]{2,40}\d{0,2})+[;,)\]}!]*(?:\s|$)/
const ROOT =
  /^(?:process\.env|os\.environ|os\.getenv|import\.meta|config|settings|self|this|env|secrets|vars?|local|data|module|args|params|props|req|request|res|ctx|context|options|opts|user|state|body|event|input|form|session|app|cls|obj|github|inputs|steps|needs|values|item|row|record|payload)\??\./i
const STATEMENT_END = /^[A-Za-z_$][A-Za-z_$]*\s*(?:[;)}\]]+|,)\s*(?:\/\/.*|#.*|[)}\]]+.*)?$/
const REFERENCE =
  /^(?:!(?:!null|Ref|GetAtt|Sub|ImportValue|FindInMap|Join|env|env_var|secret|vault|include|reference)\b|\$[A-Za-z_({]|\{\{|#\{|%\{|<%|<\w|&lt;|@\{|`?\$\{|\$\d\b)/
const LITERAL =
  /^(?:\(|\[|\{|=>|=|\?|\||&&|\+|\/\/|\/\*|\)|\}|\]|,|;|:|![01]\b|\d*\*|\/.+\/[gimsuy]*\.|0x[\da-f]{1,8}[,;]?$|&[a-z_][\w.]*[,;)]*$)/i

/** `/^[a-z]+$/i`, as far as it is seen, and the part of one that a name stands in. */
const PATTERN = /^\/(?:\^|\(\?|[^\n]*[[\]\\^$|][^\n]*\/[a-z]*[,;)]*$)/
const PATTERN_PART = /^\(?\[\^?[^\]\s]*\w-\w[^\]\s]*\](?:[+*{]|$)/
/** What only expressions that match have. */
const PATTERN_SIGNS = /\(\?(?:[:=!]|<[=!a-zA-Z])|\[\^?[^\]\s]*\w-\w[^\]\s]*\](?:[+*]|\{\d)|\\[dwsb](?:[+*]|\{\d)/

/** Whether a text in quotes is an expression that matches others. */
export function isPattern(text: string): boolean {
  return PATTERN.test(text) || PATTERN_SIGNS.test(text)
}

/** What enumerations are compiled to: `e[e.OpenToken=1]="OpenToken"`. */
const MAPPED_BACK = /^\w{1,4}\]\s*=/

/** Whether what stands behind a name is code, a reference or a type, and no value. */
export function isCode(text: string, { isPlain }: { isPlain: boolean }): boolean {
  if (REFERENCE.test(text) || ROOT.test(text)) return true
  if (CALL.test(text) && (!isPlain || text.includes(')') || text.includes(']'))) return true
  if (PATTERN_PART.test(text) || MAPPED_BACK.test(text)) return true
  if (isPlain) return false
  return (
    [PATTERN, LITERAL, KEYWORD, OPERATOR, GENERIC, MEMBER, STATEMENT_END].some((shape) => shape.test(text)) &&
    !isJwt(text)
  )
}

/** `maple21 in prod`, `maple21 (old)`: operators and calls of code that are words of a sentence too. */
const SENTENCE = /^[A-Za-z_$][\w$]*\s+(?:(?:and|as|if|in|is|or)\s|\([^()]*\))/
/** What stands in no sentence: signs, a bracket of a call, the comma of a list, and the rest of a condition or a cast. */
const NO_SENTENCE = /[={}[\];|&<>`]|\w\(|,\s*$|\belse\b|^\S+\s+as\s+(?:[A-Z]|\w+\s*$)/

/** Whether what could be code may be a value too, with the rest of a sentence behind it. */
export function isSentence(text: string): boolean {
  return SENTENCE.test(text) && !NO_SENTENCE.test(text) && !/\)/.test(text.replaceAll(/\([^()]*\)/g, ''))
}

/** A sign before a word with digits, that no operand follows; a bracket inside of a word: `+maple21`, `$ecret21!`, `ma(ple)21`. */
const SIGNED =
  /^(?:[+;=][A-Za-z]\w*|\$[A-Za-z]\w*(?:[!@#][\w!@#%^&*~?]*|[%^&*~?]+)|\w*\([^()[\]\s]*\)\w+|\w+\[[^()[\]\s]*\]\w+)[!@#%^&*~?]*$/
const TWO_DIGITS = /\d.*\d/
const CAST = /^\((?:[a-z]\w*_t|[A-Z]\w*|(?:un)?signed|short)\)/

/** Whether a word is none that a language would read, though it begins like code. */
export function isSigned(word: string): boolean {
  return SIGNED.test(word) && TWO_DIGITS.test(word) && !CAST.test(word)
}

function isJwt(text: string): boolean {
  return text.startsWith('eyJ')
}

/** Words before a name that make it a name in code. */
const DECLARES =
  /(?:^|[\s(,;{])(?:const|let|var|val|final|static|public|private|protected|internal|def|fn|func|function|return|if|elif|while|for|type|interface|readonly|import|from|string|String|char|auto|mut|a(?:wait|sync)|export const)\s+(?:\w+\s+)?[\w.$]*$|(?:self|this)\.[\w.]*$/

export function isDeclared(before: string): boolean {
  return DECLARES.test(before)
}

/** Words before a name that complain or ask: "invalid token: ...". */
const COMPLAINS =
  /\b(?:invalid|unexpected|missing|unknown|bad|unrecogni[sz]ed|expected|pars(?:e|ing)|decod(?:e|ing)|illegal|expired|required?|requires|no|wrong|reserved|unsupported|forgot(?:ten)?|reset|chang(?:e|ed|ing)|enter|verify|validat(?:e|ing)|check(?:ing)?|error|failed|empty|duplicate|undefined|without|ungültig\w*|inválid[ao]|invalide|falsch\w*)\s+(?:the\s+|your\s+|a\s+)?(?:\w+\s+)?["'`]?[\w.-]*$/i

export function isComplaint(before: string): boolean {
  return COMPLAINS.test(before)
}
