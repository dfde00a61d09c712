import { decodeUtf8 } from '../../base/bytes.ts'
import { Document } from '../document.ts'
import { classifyKey } from '../keys/dictionary.ts'
import { scanBase64Runs } from '../scan/base64-runs.ts'
import { leafTokens } from '../structure/leaves.ts'
import { locate, type Located } from '../structure/locate.ts'
import { valueOf } from '../value-of.ts'
import { Base64Reader, type Base64Text, decodeShortBase64 } from '../views/base64.ts'
import { type DecodedText, decodedViews, quotedViews } from '../views/decode.ts'
import { isMarkBefore, nextUnicodeMark } from '../views/marks.ts'
import { isQuotedMark } from '../views/quoted-printable.ts'
import { BASE64_MARK } from '../views/triggers.ts'
import type { Binary } from './binary.ts'
import { type Finding, isByName } from './finding.ts'
import { keyContext, keyContextAt } from './key-context.ts'
import type { Words } from './near.ts'
import { looksLikeOurs } from './ours.ts'
import { type Scanned, scanButOurs, type ScanTerms } from './scan-view.ts'
import type { View } from './view.ts'
import type { KeyContext } from './weigh.ts'

interface Looking {
  readonly scanned: Scanned
  readonly terms: ScanTerms
  readonly skipped: Binary
}

/** A text of the message: the content of a string, of a key, or all of what is no JSON. */
interface Leaf {
  readonly start: number
  readonly end: number
  readonly at: Located | undefined
}

/** Finds what an encoding hides: escapes, percent signs, references of HTML, other alphabets, base64. Undefined: it would take too long. */
export function findEncoded(document: Document, looking: Looking): readonly Finding[] | undefined {
  const findings: Finding[] = []
  for (const [leaf, view] of viewsIn(document, looking.scanned)) {
    const found = inView(document, leaf, { view, terms: looking.terms, words: looking.scanned.words })
    if (found === undefined) return undefined
    findings.push(...found)
  }
  const inBase64 = findInBase64(looking)
  return inBase64 === undefined ? undefined : [...findings, ...inBase64]
}

function* viewsIn(document: Document, { encoded }: Scanned): Generator<[Leaf, DecodedText]> {
  const { bytes } = document
  const ascii = encoded.filter((end) => isMarkBefore(bytes, end)).map((end) => end - 1)
  const marks = [...ascii, ...unicodeMarks(document)].toSorted((a, b) => a - b)
  for (const leaf of leavesWith(document, marks))
    for (const view of decodedViews(bytes.subarray(leaf.start, leaf.end))) yield [leaf, view]
  const quoted = encoded.filter((end) => isQuotedMark(bytes, end)).map((end) => end - 1)
  for (const leaf of leavesWith(document, quoted))
    for (const view of quotedViews(bytes.subarray(leaf.start, leaf.end))) yield [leaf, view]
}

/** The texts that some places are in, in their order. */
function leavesWith(document: Document, marks: readonly number[]): Leaf[] {
  const leaves: Leaf[] = []
  let from = 0
  const take = (at: number): void => {
    if (at < from) return
    const leaf = leafAt(document, at)
    if (leaf === undefined) return
    leaves.push(leaf)
    from = leaf.end
  }
  for (const mark of marks) take(mark)
  return leaves
}

/** One for each leaf at most: from a mark on, the search goes on behind its leaf. */
function unicodeMarks(document: Document): number[] {
  const marks: number[] = []
  for (let at = nextUnicodeMark(document.bytes, 0); at >= 0;) {
    marks.push(at)
    at = nextUnicodeMark(document.bytes, Math.max(at + 1, leafAt(document, at)?.end ?? 0))
  }
  return marks
}

function leafAt(document: Document, at: number): Leaf | undefined {
  const { structure, bytes } = document
  if (structure === undefined) return { start: 0, end: bytes.length, at: undefined }
  const token = structure.tokenAt(at)
  if (token === undefined || (structure.kind(token) !== 'string' && structure.kind(token) !== 'key')) return undefined
  return { start: structure.innerStart(token), end: structure.innerEnd(token), at: { structure, token } }
}

interface InView {
  readonly view: DecodedText
  readonly terms: ScanTerms
  /** Of the message as it stands. */
  readonly words: Words
}

const NO_CONTEXT: KeyContext = () => undefined

/** Behind an encoding, only their form tells stand-ins of ours. */
function scanDecoded(view: View, terms: ScanTerms, contextFor: () => KeyContext): Scanned {
  return scanButOurs(view, terms, contextFor, looksLikeOurs(view.bytes))
}

const SECRET_RULES = new Set(['prefix', 'near', 'structure', 'key', 'below', 'sibling', 'column'])

function inView(document: Document, leaf: Leaf, { view, terms, words }: InView): Finding[] | undefined {
  const scanned = scanDecoded(view, terms, () => keyContextAt(words, leaf.at))
  const inBase64 = findInRuns(scanned, terms, () => false)
  if (scanned.isSpent || inBase64 === undefined) return undefined
  const source = (span: { start: number; end: number }) => {
    const { start, end } = view.sourceSpan(span.start, span.end)
    return { start: leaf.start + start, end: leaf.start + end }
  }
  const found = [...countingIn(view, scanned.findings), ...inBase64].map((finding) => {
    const { within, ...one } = finding
    return {
      ...one,
      ...source(finding),
      value: valueIn(view, finding),
      ...(within !== undefined && { within: source(within) }),
    }
  })
  return [...found, ...valueOfKey(document, leaf, view)]
}

function countingIn(view: DecodedText, findings: readonly Finding[]): readonly Finding[] {
  return view.onlySecrets ? findings.filter(({ by }) => SECRET_RULES.has(by)) : findings
}

function valueIn({ bytes }: View, { start, end, value }: Finding): string {
  return value ?? decodeUtf8(bytes, start, end)
}

/** A key that only its decoded form gives away: `"p\u0061ssword"`. Its whole value is one. */
function valueOfKey({ bytes }: Document, { at }: Leaf, view: DecodedText): Finding[] {
  if (at === undefined || at.structure.kind(at.token) !== 'key') return []
  const named = classifyKey(decodeUtf8(view.bytes))
  if (named === undefined) return []
  const { structure } = at
  const value = structure.valueOf(at.token)
  return value < 0 || bytes.length === 0
    ? []
    : leafTokens(structure, value).map((leaf) => ({
        entity: named.entity,
        start: structure.innerStart(leaf),
        end: structure.innerEnd(leaf),
        score: 1,
        by: 'key' as const,
        rule: `key.${named.word}`,
        word: named.word,
      }))
}

function findInBase64({ scanned, terms, skipped }: Looking): Finding[] | undefined {
  return findInRuns(scanned, terms, (start, end) => skipped.contents.has(start, end))
}

/** Text in base64 is looked through once decoded. What is found in it hides the run whole: one finding for each kind says why. */
function findInRuns(
  { words, found, encoded }: Scanned,
  terms: ScanTerms,
  isKnown: (start: number, end: number) => boolean,
): Finding[] | undefined {
  const { bytes, raw } = words.view
  const findings: Finding[] = []
  let isSpent = false
  const take = (text: Base64Text): void => {
    const inner = findInText(text.bytes, terms)
    isSpent ||= inner === undefined
    for (const best of bestOfEach(inner ?? []))
      findings.push({ ...best, start: text.start, end: text.end, rule: `base64.${best.rule}` })
  }
  const reader = new Base64Reader(bytes)
  scanBase64Runs({ bytes, raw }, found.base64, (start, end) => {
    if (isSpent || isKnown(start, end)) return
    for (const text of reader.read(start, end)) take(text)
  })
  for (const end of encoded) {
    const text = !isSpent && isBase64Mark(bytes, end) ? decodeShortBase64(bytes, end) : undefined
    if (text !== undefined) take(text)
  }
  return isSpent ? undefined : findings
}

/** Whether the word of the scan that ends there says that base64 follows. */
function isBase64Mark(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 1] === COMMA && bytes[end - BASE64_MARK.length] === SEMICOLON
}

const COMMA = 0x2c
const SEMICOLON = 0x3b

/** A text that was decoded, as it stands and as it is meant. */
function findInText(bytes: Uint8Array, terms: ScanTerms): Finding[] | undefined {
  const decoded = new Document(bytes)
  const plain = { bytes, raw: decoded.isJson }
  const scanned = scanDecoded(plain, terms, () => keyContext(decoded))
  if (scanned.isSpent) return undefined
  const findings = scanned.findings.map((finding) => held(finding, valueInDocument(decoded, finding)))
  const isQuoted = scanned.encoded.some((end) => isQuotedMark(bytes, end))
  for (const view of [...decodedViews(bytes), ...(isQuoted ? quotedViews(bytes) : [])]) {
    const meant = scanDecoded(view, terms, () => NO_CONTEXT)
    if (meant.isSpent) return undefined
    findings.push(...countingIn(view, meant.findings).map((finding) => held(finding, valueIn(view, finding))))
  }
  return findings
}

/** Without its escapes, where it stands in JSON. */
function valueInDocument(document: Document, { start, end }: Finding): string {
  const at = document.structure === undefined ? undefined : locate(document.structure, start)
  return valueOf(document, { start, end, at })
}

function held(finding: Finding, value: string): Finding {
  const { within: _, value: __, ...found } = finding
  return { ...found, holds: [value] }
}

/** What shows itself counts in arguments too, where what is known by its name alone may not: a better name hides none of it. */
function bestOfEach(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>()
  for (const finding of findings) {
    const kind = `${finding.entity} ${isByName(finding.by)}`
    const known = best.get(kind)
    const holds = [...(known?.holds ?? []), ...(finding.holds ?? [])]
    best.set(kind, { ...(known !== undefined && known.score >= finding.score ? known : finding), holds })
  }
  return [...best.values()]
}
