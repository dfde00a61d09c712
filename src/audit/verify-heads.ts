import { equal, toHex } from '../base/bytes.ts'
import type { SignedCheckpoint } from './checkpoint.ts'
import { parseVerifierKey, type VerifierKey } from './note-key.ts'
import { verifyNote } from './note-signature.ts'
import type { Finding, FindingCode } from './verify.ts'

/** A head that should be true of the log: its own, one that was handed in, or one that somebody kept. */
export interface HeadFound {
  /** Undefined: what stands there is no head. */
  readonly head: SignedCheckpoint | undefined
  readonly file: string
  readonly offset?: number | undefined
}

/** By whom a head was cosigned; `quorum`: these are enough. */
export interface Cosigned {
  readonly quorum: boolean
  readonly wrong: readonly VerifierKey[]
  readonly cosigned: readonly { readonly witness: string; readonly seconds: number }[]
}

export interface HeadCheckerOptions {
  readonly origin: string
  /** Keys that somebody outside trusts. Undefined: those that the log announces in its first record, which prove less. */
  readonly trusted: readonly VerifierKey[] | undefined
  readonly judge: ((head: SignedCheckpoint) => Cosigned) | undefined
  readonly report: (finding: Finding) => void
}

/** What the heads of a log prove. */
export interface HeadsReport {
  /** Records below the newest head that is right and signed by a key that counts. */
  readonly signed: number
  readonly witnessed: { readonly size: number; readonly seconds: number; readonly by: readonly string[] } | undefined
}

/** Findings of one kind that are told one by one: after an altered record every later head is wrong. */
const LISTED_MAX = 3

const ASK_WITNESS =
  'Compare with a head that a witness or another person kept; until then nothing that this head covers is proven.'
const BRING_BACK = 'Bring the missing files back from a backup; do not start the gateway on it before.'

/** Compares heads with the tree of the records, and their signatures with the keys that count (audit.md, 9.2, steps 1, 2 and 4). Pure. */
export class HeadChecker {
  readonly #options: HeadCheckerOptions
  readonly #bySize = new Map<number, { readonly found: HeadFound; readonly head: SignedCheckpoint }[]>()
  readonly #announced: { readonly seq: number; readonly key: VerifierKey }[] = []
  readonly #right = new Set<SignedCheckpoint>()
  readonly #told = new Map<FindingCode, number>()
  #newest: SignedCheckpoint | undefined

  constructor(options: HeadCheckerOptions) {
    this.#options = options
  }

  /** Heads of the file in which they were appended, in its order. */
  own(heads: readonly HeadFound[]): void {
    for (const found of heads) {
      const before = this.#newest
      this.add(found)
      if (found.head === undefined) continue
      if (before !== undefined && found.head.size < before.size)
        this.#find('head_conflict', found, `a head of ${found.head.size} records stands after one of ${before.size}`)
      this.#newest = found.head
    }
  }

  add(found: HeadFound): void {
    const { head } = found
    if (head === undefined) return this.#find('head_signature', found, 'what stands there is not a signed head')
    if (head.origin !== this.#options.origin)
      return this.#find('head_signature', found, `the head is one of another log, ${head.origin}`)
    const same = this.#bySize.get(head.size) ?? []
    if (same.some((one) => !equal(one.head.root, head.root)))
      this.#find('head_conflict', found, `two heads of ${head.size} records have different roots`)
    this.#bySize.set(head.size, [...same, { found, head }])
  }

  /** The log says at `seq` that this key signs. */
  announce(seq: number, key: unknown): void {
    const parsed = typeof key === 'string' ? parseVerifierKey(key) : undefined
    if (parsed !== undefined) this.#announced.push({ seq, key: parsed })
  }

  /** The tree of the records has this size. */
  at(size: number, root: () => Uint8Array): void {
    for (const { found, head } of this.#bySize.get(size) ?? []) {
      if (equal(head.root, root())) this.#right.add(head)
      else this.#find('head_conflict', found, `the first ${size} records are not those that were signed`)
    }
  }

  /** After the last record. */
  finish(size: number): HeadsReport {
    let signed = 0
    let witnessed: HeadsReport['witnessed']
    for (const { found, head } of this.#inOrder()) {
      if (head.size > size)
        this.#find('rolled_back', found, `a head says ${head.size} records, and ${size} are there`, BRING_BACK)
      const isSigned = this.#isSigned(head, found)
      if (!isSigned || !this.#right.has(head)) continue
      signed = head.size
      witnessed = this.#witnessed(head, found) ?? witnessed
    }
    return { signed, witnessed }
  }

  #inOrder(): { found: HeadFound; head: SignedCheckpoint }[] {
    return [...this.#bySize.values()].flat().toSorted((a, b) => a.head.size - b.head.size)
  }

  /** Counted from the smallest head: a new key counts once a head that covers its announcement was signed by one that counted. */
  readonly #counts = new Map<string, VerifierKey>()

  #isSigned(head: SignedCheckpoint, found: HeadFound): boolean {
    if (this.#counts.size === 0) for (const key of this.#first()) this.#counts.set(idOf(key), key)
    if (this.#counts.size === 0) {
      this.#find('head_signature', found, 'no key is known that may sign heads of this log')
      return false
    }
    const { verified, wrong } = verifyNote(head.note, [...this.#counts.values()])
    if (wrong.length > 0 || verified.length === 0) {
      this.#find('head_signature', found, 'no key that may sign this log has signed the head, or a signature is wrong')
      return false
    }
    if (this.#right.has(head))
      for (const { key, seq } of this.#announced) if (seq < head.size) this.#counts.set(idOf(key), key)
    return true
  }

  #first(): readonly VerifierKey[] {
    return this.#options.trusted ?? this.#announced.filter(({ seq }) => seq === 0).map(({ key }) => key)
  }

  #witnessed(head: SignedCheckpoint, found: HeadFound): HeadsReport['witnessed'] {
    const verdict = this.#options.judge?.(head)
    if (verdict === undefined) return undefined
    if (verdict.wrong.length > 0) this.#find('head_signature', found, 'a witness has not signed what stands there')
    if (!verdict.quorum || verdict.cosigned.length === 0 || verdict.wrong.length > 0) return undefined
    const seconds = Math.min(...verdict.cosigned.map((one) => one.seconds))
    return { size: head.size, seconds, by: verdict.cosigned.map(({ witness }) => witness) }
  }

  #find(code: FindingCode, { file, offset }: HeadFound, what: string, mend = ASK_WITNESS): void {
    const told = (this.#told.get(code) ?? 0) + 1
    this.#told.set(code, told)
    if (told > LISTED_MAX) return
    const more = told === LISTED_MAX ? '; more of the same are not listed' : ''
    this.#options.report({ code, file, offset, what: what + more, do: mend })
  }
}

function idOf({ id, name, type }: VerifierKey): string {
  return `${type} ${toHex(id)} ${name}`
}
