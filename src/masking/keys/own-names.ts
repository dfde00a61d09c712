// Values that are names themselves: the variable, field or type that code gives to a name like it.
import { entityId } from '../entities.ts'
import { isDeclared } from './code-shapes.ts'
import { classifyKey, type KeyKind } from './dictionary.ts'
import { splitKey } from './split-key.ts'
import type { Candidate } from './text-judge.ts'

/** A longer one is no name. */
const NAME_MAX = 80
/** One name, or several as in `config.auth.token`. */
const PATH = /^[&*@:]{0,2}[A-Za-z_$][\w$]*(?:(?:\?\.|!\.|\.|::|->)#?[A-Za-z_$][\w$]*)*$/
const LAST_PART = /[\w$]+$/
const PASSWORD = entityId('password')

/** `f(token=token)`, `self.password = new_password`, `secret: clientSecret,`: what stands there is named like what it is given to. */
export function isOwnName(candidate: Candidate, bare: string): boolean {
  const value = bare.replace(/[.,;:)\]}'"`]+$/, '')
  if (value.length > NAME_MAX || !PATH.test(value)) return false
  const said = LAST_PART.exec(value)?.[0] ?? ''
  if (isSame(said, candidate)) return true
  return isNamedAlike(said, candidate.kind) && (!candidate.kind.isSecret || isInCode(candidate, said))
}

/** `AUTH_TOKEN = 'AWS_CONTAINER_AUTHORIZATION_TOKEN'`: the name of a variable, in quotes. */
export function isVariableName(text: string, { word, entity }: KeyKind): boolean {
  if (text.length > NAME_MAX || !/^[A-Z]+(?:_[A-Z]+)+$/.test(text)) return false
  const words = splitKey(text).join('_')
  return (entity !== PASSWORD || /_.+_/.test(words)) && `_${words}_`.includes(`_${word}_`)
}

/** The same name, whether it is written in capitals, with `_` or for more than one: `tokens: Tokens`. */
function isSame(said: string, { name, kind }: Candidate): boolean {
  const own = LAST_PART.exec(name?.().replace(/[^\w$]+$/, '') ?? '')?.[0] ?? ''
  const same = folded(said, kind)
  return same !== '' && (same === folded(own, kind) || same === folded(kind.word, kind))
}

/** Digits are dropped where no secret ends with them: `address: Address6`. */
function folded(name: string, { isSecret }: KeyKind): string {
  return name
    .replace(isSecret ? /$^/ : /\d+$/, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/^[_$]+|s?_*$/g, '')
}

/** A name of two words or more, one of which is what the value is: `next_token`, `userPass`. Passwords have digits too. */
function isNamedAlike(said: string, kind: KeyKind): boolean {
  const words = splitKey(said)
  if (!kind.isSecret && classifyKey(said)?.entity === kind.entity) return true
  if (words.length < 2) return false
  const all = `_${words.join('_')}_`
  if (kind.isSecret && /\d/.test(said)) return kind.word.includes('_') && all.endsWith(`_${kind.word}_`)
  return all.includes(`_${kind.word}_`) || all.includes(`_${kind.word}s_`) || classifyKey(said)?.entity === kind.entity
}

/** Files of settings have names as values too, if rarely: `POSTGRES_PASSWORD=my_password` is one. */
function isInCode(candidate: Candidate, said: string): boolean {
  const { kind, form } = candidate
  const sign = /^\S*?\s*([,;)\]}])/.exec(candidate.text)?.[1] ?? ''
  if (form === 'pair') return sign === ',' || sign === ')' || isLastArgument(candidate)
  if (kind.entity !== PASSWORD || sign !== '') return true
  return form === 'assignment' ? isAssigned(candidate) : form !== 'statement' && /[a-z][A-Z]/.test(said)
}

const INDENTED = /^[+-]?(?:\s|\\+t)+$/

function isLastArgument({ before, text }: Candidate): boolean {
  return !/\s/.test(text.trim()) && (INDENTED.test(before()) || before().includes('('))
}

function isAssigned({ before, name }: Candidate): boolean {
  const start = before()
  return INDENTED.test(start) || start.endsWith(', ') || isDeclared(start + (name?.() ?? ''))
}
