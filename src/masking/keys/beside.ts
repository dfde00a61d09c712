import type { KeyKind } from './dictionary.ts'
import { containerStart, readMember, readScalar, type Scalar } from './json-walk.ts'
import { type Look, type Span, textOf } from './look.ts'
import { splitKey } from './split-key.ts'
import { COMMA, OPEN_BRACE, skipSpace } from './text-bytes.ts'
import { skipValue } from './walk.ts'

// Objects that call something else by the name of a person's data or of a secret: where a machine listens is its `address`,
// and models of language, parsers and blockchains have tokens of their own. A member beside it tells.

/** In an object with one of these an address is of a machine. */
const OF_MACHINE = /^(?:(?:.*_)?(?:port|host|hostname)(?:_value)?|(?:node|pod)_(?:name|ip)|netmask|cidr)$/
const TYPE = /^(?:(?:.*_)?(?:type|kind)|family|protocol)$/
const TYPE_OF_MACHINE =
  /^(?:ip(?:v?[46])?|ip_?address|(?:af_)?inet6?|host_?name|(?:internal|external)_?(?:ip|dns)|fqdn|unix|tcp|udp|sctp)$/i
/** In an object with one of these a token is a piece of text, or one of a blockchain. */
const OF_PIECES =
  /^(?:(?:top_|token_)?logprobs?|logits?|lemma|pos|token_(?:str|ids?)|(?:text|start|end)_offset|(?:token_)?(?:decimals|symbol))$/

/** Counts by sort of device have one of these beside "mobile". */
const OF_DEVICES = /^(?:desktops?|tablets?|laptops?|smart_?tvs?|consoles?|wearables?|feature_phones?)$/
const DEVICES: ReadonlySet<string> = new Set(['mobile', 'phone', 'cell_phone', 'cellphone', 'handy', 'mobil', 'movil'])

/** Whether the other members of an object can say that the values of a kind are none. */
export function mayBeOther({ demand, word }: KeyKind): boolean {
  return demand === 'address' || word === 'token' || DEVICES.has(word)
}

/** Whether a member says so of the object it stands in; of a kind that `mayBeOther`. */
export function saysOther(look: Look, kind: KeyKind, key: Span, value: Scalar | undefined): boolean {
  const name = splitKey(textOf(look, key)).join('_')
  if (kind.demand === 'phone') return value?.kind === 'number' && OF_DEVICES.test(name)
  if (kind.demand !== 'address') return OF_PIECES.test(name)
  if (OF_MACHINE.test(name)) return true
  return value?.kind === 'string' && TYPE.test(name) && TYPE_OF_MACHINE.test(textOf(look, value))
}

interface Valued {
  readonly at: number
  readonly depth: number
  readonly scalar: Scalar | undefined
}

/** Members that are looked at, and bytes before the value. */
const MEMBERS_MAX = 8
const BYTES_MAX = 512
/** A hash of a blockchain has less. */
const TOKEN_MAX = 72
/** A number with more digits counts no devices. */
const COUNT_DIGITS_MAX = 9

/** Whether the members beside a value say that it is none; `scalar`: the value, if it is one. Where it plainly is, nothing is read. */
export function isOther(look: Look, kind: KeyKind, { at, depth, scalar }: Valued): boolean {
  const { bytes } = look.view
  if (!mayBeOther(kind) || !mayBeWord(look, kind, scalar)) return false
  const object = containerStart(bytes, at, depth, Math.max(0, at - BYTES_MAX))
  look.sink.spend(BYTES_MAX)
  if (object < 0 || bytes[object] !== OPEN_BRACE) return false
  let next = object + 1
  for (let i = 0; i < MEMBERS_MAX && next > 0; i++) {
    const member = readMember(bytes, next, depth)
    if (member?.key === undefined) return false
    if (member.value !== at && saysOther(look, kind, member.key, readScalar(bytes, member.value, depth))) return true
    next = afterMember(look, member.value, depth)
  }
  return false
}

/** Behind the comma after a value; -1 where there is none. */
function afterMember(look: Look, value: number, depth: number): number {
  const after = skipValue(look, value, depth)
  const comma = after < 0 ? -1 : skipSpace(look.view.bytes, after)
  return look.view.bytes[comma] === COMMA ? comma + 1 : -1
}

/** A list, or one word that a machine may be called by. */
function mayBeWord(look: Look, kind: KeyKind, value: Scalar | undefined): boolean {
  if (value === undefined) return kind.word === 'token' && kind.plural
  if (kind.demand === 'phone') return value.kind === 'number' && value.end - value.start <= COUNT_DIGITS_MAX
  if (kind.demand === 'address') return value.kind === 'string' && /^[\w.-]+$/.test(textOf(look, value))
  return value.end - value.start < TOKEN_MAX
}
