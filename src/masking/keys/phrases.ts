// Names without a sign behind them, where a verb, a tag or a number says that a value follows: "password is x1", `--password x1`,
// `<b>Password</b>: x1`, "OTP 692901".
import { decodeLatin1 } from '../../base/bytes.ts'
import { addCode, isNumberBehind } from './codes.ts'
import type { KeyKind } from './dictionary.ts'
import { isFlag } from './lead.ts'
import type { Look, Span } from './look.ts'
import { phraseEnd } from './names.ts'
import { afterVerb } from './separator.ts'
import { LESS, skipBlanks, SPACE } from './text-bytes.ts'
import { addPhraseValue, addTaggedValue } from './text-values.ts'

/** Reports the value behind such a name; false where none follows. */
export function verifyPhrase(look: Look, { start, end }: Span): boolean {
  const { bytes } = look.view
  if (bytes[end] !== SPACE && bytes[end] !== LESS) return false
  if (isFlag(bytes, start)) return addPhrase(look, { start, end }, skipBlanks(bytes, end))
  const name = { start, end: phraseEnd(bytes, end) }
  if (bytes[name.end] === LESS || isNumberBehind(bytes, name.end)) return addBehind(look, name)
  const value = afterVerb(bytes, name.end)
  return value >= 0 && addPhrase(look, name, value)
}

function addPhrase(look: Look, name: Span, value: number): boolean {
  const kind = kindOfPhrase(look, name)
  return kind !== undefined && addPhraseValue(look, kind, { name, value })
}

function addBehind(look: Look, name: Span): boolean {
  const kind = kindOfPhrase(look, name)
  if (kind === undefined) return false
  return look.view.bytes[name.end] === LESS ? addTaggedValue(look, kind, name) : addCode(look, kind, name)
}

/** In a sentence, "private key encryption is" tells of something else than the key: its last word must be of the kind. */
function kindOfPhrase({ view: { bytes }, kindOf }: Look, { start, end }: Span): KeyKind | undefined {
  const kind = kindOf(start, end)
  const last = bytes.subarray(start, end).lastIndexOf(SPACE)
  if (kind === undefined || last < 0) return kind
  const word = decodeLatin1(bytes, start + last + 1, end).toLowerCase()
  if (!/^[\w-]+$/.test(word)) return kind
  // "The key to x1": both are verbs in other languages.
  const isOther = /^ (?:to|on) /.test(decodeLatin1(bytes, end, end + 4))
  return !isOther && (kind.word.endsWith(word) || /^(?:code|number|value)$/.test(word)) ? kind : undefined
}
