import { decodeLatin1, decodeUtf8, toHex } from '../base/bytes.ts'
import { parseVerifierKey, SIGNATURE_TYPE, type VerifierKey, writeVerifierKey } from './note-key.ts'

/** Whom a verifier trusts: logs that may sign, witnesses that may cosign, and how many of these are enough (C2SP tlog-policy). */
export interface TrustPolicy {
  readonly logs: readonly TrustedLog[]
  readonly witnesses: readonly TrustedWitness[]
  readonly quorum: Quorum
}

export interface TrustedLog {
  /** Its name is the log's origin. */
  readonly key: VerifierKey
  readonly url: string | undefined
}

export interface TrustedWitness {
  /** Its name in the file; the name in its signatures is that of the key. */
  readonly name: string
  readonly key: VerifierKey
  readonly url: string | undefined
}

export type Quorum = { readonly kind: 'none' } | Member

export type Member =
  | { readonly kind: 'witness'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string; readonly least: number; readonly members: readonly Member[] }

/** What is wrong in a line, and what to do about it. */
export interface PolicyMistake {
  /** From 1. */
  readonly line: number
  readonly what: string
  readonly do: string
}

export type PolicyRead =
  | { readonly kind: 'policy'; readonly policy: TrustPolicy }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly PolicyMistake[] }

/** The specification asks for at least 32 of each. */
const LINES_MAX = 1000
const BYTES_MAX = 1024 * 1024

/** Reads a whole policy file; every mistake is told, with its line. */
export function parseTrustPolicy(bytes: Uint8Array): PolicyRead {
  const reader = new PolicyReader()
  const lines = bytes.length > BYTES_MAX ? [] : linesOf(bytes)
  if (bytes.length > BYTES_MAX || lines.length > LINES_MAX)
    return oneMistake(`the file is longer than ${LINES_MAX} lines or 1 MiB`, 'Keep only what you trust in it.')
  for (const [i, line] of lines.entries()) reader.line(line, i + 1)
  return reader.finish(lines.length)
}

/** The policy as text, in the same format. */
export function printTrustPolicy(policy: TrustPolicy): string {
  const groups = new Map<string, string>()
  const nameOf = (member: Member): string => {
    if (member.kind === 'group')
      groups.set(member.name, `group ${member.name} ${member.least} ${member.members.map(nameOf).join(' ')}`)
    return member.name
  }
  const quorum = policy.quorum.kind === 'none' ? 'none' : nameOf(policy.quorum)
  return [
    ...policy.logs.map(({ key, url }) => ['log', writeVerifierKey(key), url]),
    ...policy.witnesses.map(({ name, key, url }) => ['witness', name, writeVerifierKey(key), url]),
    ...[...groups.values()].map((group) => [group]),
    ['quorum', quorum],
  ]
    .map((words) => `${words.filter((word) => word !== undefined).join(' ')}\n`)
    .join('')
}

function oneMistake(what: string, mend: string, line = 1): PolicyRead {
  return { kind: 'mistakes', mistakes: [{ line, what, do: mend }] }
}

/** Octets, one character each: what is not ASCII is opaque, so two spellings of a name are two names. */
function linesOf(bytes: Uint8Array): string[] {
  const lines = decodeLatin1(bytes).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Control characters other than tab. A carriage return is one: it would become a part of the last word. */
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f]/ // oxlint-disable-line no-control-regex -- they are what is looked for

const LOG_TYPES: readonly number[] = [SIGNATURE_TYPE.ed25519, SIGNATURE_TYPE.mlDsa44]
const WITNESS_TYPES: readonly number[] = [SIGNATURE_TYPE.cosignature, SIGNATURE_TYPE.mlDsa44]

class PolicyReader {
  readonly #logs: TrustedLog[] = []
  readonly #witnesses: TrustedWitness[] = []
  readonly #members = new Map<string, Member>()
  /** Names that are in a group already: each may be in one only, so that a witness counts once. */
  readonly #placed = new Map<string, string>()
  readonly #mistakes: PolicyMistake[] = []
  #quorum: Quorum | undefined
  #at = 0

  line(line: string, at: number): void {
    this.#at = at
    const bad = FORBIDDEN.exec(line)
    if (bad !== null) {
      const code = `0x${(bad[0].codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`
      const mend = code === '0x0d' ? 'Save it with line ends of Unix (LF).' : 'Remove the character.'
      return this.#mistake(`the line holds the control character ${code}`, mend)
    }
    const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '')
    if (keyword === undefined || keyword.startsWith('#')) return
    switch (keyword) {
      case 'log':
        return this.#log(words)
      case 'witness':
        return this.#witness(words)
      case 'group':
        return this.#group(words)
      case 'quorum':
        return this.#setQuorum(words)
      default:
        this.#mistake(`"${shown(keyword)}" is no line of a policy`, 'Lines begin with log, witness, group or quorum.')
    }
  }

  finish(lines: number): PolicyRead {
    this.#at = Math.max(lines, 1)
    if (this.#quorum === undefined && this.#mistakes.length === 0)
      this.#mistake('there is no quorum line', 'Add "quorum NAME", or "quorum none" where no cosignature is needed.')
    if (this.#quorum === undefined || this.#mistakes.length > 0) return { kind: 'mistakes', mistakes: this.#mistakes }
    return { kind: 'policy', policy: { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum } }
  }

  #log([vkey, url, ...more]: readonly string[]): void {
    if (vkey === undefined || more.length > 0) return this.#mistake('a log is "log KEY [URL]"', 'Write it so.')
    const key = this.#key(vkey, LOG_TYPES, 'a log')
    if (key === undefined) return
    if (isKnown(this.#logs, key)) return this.#mistake('this log stands here twice', 'Remove one of the lines.')
    this.#logs.push({ key, url: url && shown(url) })
  }

  #witness([name, vkey, url, ...more]: readonly string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0)
      return this.#mistake('a witness is "witness NAME KEY [URL]"', 'Write it so.')
    const key = this.#key(vkey, WITNESS_TYPES, 'a witness')
    if (!this.#isNew(name) || key === undefined) return
    if (isKnown(this.#witnesses, key))
      return this.#mistake('another witness has the same public key', 'Remove one of the two: a key counts once.')
    this.#witnesses.push({ name: shown(name), key, url: url && shown(url) })
    this.#members.set(name, { kind: 'witness', name: shown(name) })
  }

  #group([name, threshold, ...names]: readonly string[]): void {
    if (name === undefined || threshold === undefined || names.length === 0)
      return this.#mistake('a group is "group NAME all|any|NUMBER MEMBER…"', 'Write it so, with at least one member.')
    if (!this.#isNew(name)) return
    const least = leastOf(threshold, names.length)
    if (least === undefined)
      return this.#mistake(
        `"${shown(threshold)}" is not how many of ${names.length} are enough`,
        `Write all, any, or a number from 1 to ${names.length}.`,
      )
    const members = names.map((member) => this.#member(member, name))
    if (members.every((member) => member !== undefined))
      this.#members.set(name, { kind: 'group', name: shown(name), least, members })
  }

  #member(name: string, group: string): Member | undefined {
    const member = this.#members.get(name)
    const before = this.#placed.get(name)
    if (name === 'none') this.#mistake('"none" is no member', 'It may stand in the quorum line only.')
    else if (member === undefined) this.#mistake(...unknown(name))
    else if (before !== undefined)
      this.#mistake(`"${shown(name)}" is in "${shown(before)}" already`, 'Each may be in one group, once.')
    else this.#placed.set(name, group)
    return before === undefined ? member : undefined
  }

  #setQuorum([name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0)
      return this.#mistake('a quorum is "quorum NAME"', 'For more than one witness, make a group first.')
    if (this.#quorum !== undefined) return this.#mistake('there is a quorum line already', 'Remove one of the two.')
    const member = this.#members.get(name)
    if (name !== 'none' && member === undefined) return this.#mistake(...unknown(name))
    this.#quorum = member ?? { kind: 'none' }
  }

  #key(text: string, types: readonly number[], whose: string): VerifierKey | undefined {
    const key = parseVerifierKey(shown(text))
    if (key === undefined)
      this.#mistake(
        'the key is not "name+id+base64", or its id does not belong to it',
        'Copy it again from whoever published it; one character is enough to spoil it.',
      )
    else if (!types.includes(key.type))
      this.#mistake(`the key is of type ${key.type}, which is not that of ${whose}`, keyTypeHelp(whose))
    else return key
    return undefined
  }

  #isNew(name: string): boolean {
    const isTaken = name === 'none' || this.#members.has(name)
    if (isTaken)
      this.#mistake(`the name "${shown(name)}" is taken`, 'Witnesses and groups share their names; take another.')
    return !isTaken
  }

  #mistake(what: string, mend: string): void {
    this.#mistakes.push({ line: this.#at, what, do: mend })
  }
}

function leastOf(threshold: string, members: number): number | undefined {
  if (threshold === 'any') return 1
  if (threshold === 'all') return members
  const least = /^[1-9][0-9]{0,3}$/.test(threshold) ? Number(threshold) : 0
  return least >= 1 && least <= members ? least : undefined
}

function unknown(name: string): [string, string] {
  return [`"${shown(name)}" is not defined above`, 'Define it in a line before this one.']
}

function keyTypeHelp(whose: string): string {
  return whose === 'a log'
    ? 'A log has a note key (type 1) or an ML-DSA-44 key (type 6).'
    : 'A witness has a cosignature key (type 4) or an ML-DSA-44 key (type 6).'
}

/** "Duplicate" means the same public key, whatever name or id goes with it. */
function isKnown(known: readonly { readonly key: VerifierKey }[], key: VerifierKey): boolean {
  const hex = toHex(key.publicKey)
  return known.some((one) => toHex(one.key.publicKey) === hex)
}

/** What stood in the file, as text for people and for what is UTF-8 elsewhere. */
function shown(octets: string): string {
  return decodeUtf8(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)))
}
