import { readFileSync, statSync } from 'node:fs'
import { type ClientReceipt, isReceiptOf, parseClientReceipt } from '../audit/client-receipt.ts'
import { isoMicros } from '../audit/iso-time.ts'
import { parseVerifierKey, type VerifierKey } from '../audit/note-key.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { decodeUtf8, equal, toBase64 } from '../base/bytes.ts'
import { parseJson } from '../base/json.ts'
import { findReceipt, type ReceiptFound } from '../protocol/receipt-place.ts'
import { logFolder } from './log-folder.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { packKeysOf } from './pack-keys.ts'
import { bundleSource, folderSource, type Found, headSource, proofSource, type Source } from './receipt-sources.ts'
import { readTrustPolicy } from './trust-policy-file.ts'
import { readArgs, UsageError } from './usage.ts'
import { verifyBundle } from './verify-bundle.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
  policy: { type: 'string' },
  key: { type: 'string' },
  proof: { type: 'string' },
  head: { type: 'string' },
  reply: { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<{ options: typeof OPTIONS; args: string[]; allowPositionals: true }>>['values']

/** What a client has, and what its message may have been before the receipt was put into it. */
interface Kept {
  readonly receipt: ClientReceipt
  readonly messages: readonly Uint8Array[]
  /** Somebody asks about this very message. */
  readonly isAsked: boolean
}

interface Verdict {
  readonly kind: 'kept' | 'omitted' | 'forged' | 'undecided'
  readonly says: string
  /** Whether the message is, byte for byte, what was recorded; undefined where nobody can tell. */
  readonly same?: boolean | undefined
}

/**
 * `sallyport audit receipt FILE [DIR|BUNDLE]`: whether the record that a client has a receipt for is in the log. Where it is
 * not, the log broke its word, and the receipt proves it (audit.md, 4.10).
 */
export async function checkReceipt(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [file, where, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw new UsageError('Name the receipt, and where to look: audit receipt FILE [DIR|BUNDLE.zip].')
  const kept = readKept(file, values.reply)
  const source = await sourceOf(kept.receipt, where, values)
  if (source === undefined) return EXIT.refused
  const verdict = await judge(kept, source)
  const isOther = kept.isAsked && verdict.same === false
  if (values.json) printLine(JSON.stringify(factsOf(kept.receipt, verdict, isOther)))
  else for (const line of linesOf(kept.receipt, verdict)) printLine(line)
  return isOther ? EXIT.refused : EXITS[verdict.kind]
}

const EXITS = { kept: EXIT.fine, omitted: EXIT.refused, forged: EXIT.refused, undecided: EXIT.failed } as const

/** The value of the header, or the message with the receipt in its `_meta`. */
function readKept(file: string, replyFile: string | undefined): Kept {
  const bytes = readFile(file)
  const found = receiptIn(bytes)
  const receipt = parseClientReceipt(decodeUtf8(found?.receipt ?? bytes).trim())
  if (receipt === undefined)
    throw new UsageError(
      `${file} holds no receipt. One is the value of the header Sallyport-Receipt, or a message with "sallyport/receipt" in its _meta.`,
    )
  if (replyFile === undefined) return { receipt, messages: found?.without ?? [], isAsked: false }
  const reply = readFile(replyFile)
  // It may be kept as it came, with the receipt in it.
  return { receipt, messages: [reply, ...(receiptIn(reply)?.without ?? [])], isAsked: true }
}

function receiptIn(message: Uint8Array): ReceiptFound | undefined {
  return isJson(message) ? findReceipt(message) : undefined
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch {
    throw new UsageError(`${path} cannot be read.`)
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    parseJson(bytes)
    return true
  } catch {
    return false
  }
}

/** Undefined: the bundle is not what it says, and that was told. */
async function sourceOf(
  receipt: ClientReceipt,
  where: string | undefined,
  values: Values,
): Promise<Source | undefined> {
  const policy = values.policy === undefined ? undefined : await readTrustPolicy(values.policy)
  const named = [...(policy?.logs.map(({ key }) => key) ?? []), ...givenKey(values.key)]
  const keys = named.filter(({ name }) => name === receipt.origin)
  if (values.proof !== undefined) return proofSource(values.proof, receipt, trusted(keys, receipt))
  if (where !== undefined && statSync(where, { throwIfNoEntry: false })?.isFile() === true)
    return verifyBundle(where, values) === EXIT.fine ? bundleSource(where, receipt, trusted(keys, receipt)) : undefined
  if (values.head !== undefined) return headSource(values.head, receipt, trusted(keys, receipt))
  const which = where === undefined ? values : { ...values, data: where }
  const folder = await logFolder(which)
  const source = folderSource(folder, receipt, { policy, packKeys: await packKeysOf(which, folder) })
  return { ...source, keys: [...source.keys, ...keys] }
}

function givenKey(text: string | undefined): readonly VerifierKey[] {
  if (text === undefined) return []
  const key = parseVerifierKey(text)
  if (key === undefined) throw new UsageError('--key is no verifier key; "audit checkpoint" prints those of the log.')
  return [key]
}

function trusted(keys: readonly VerifierKey[], { origin }: ClientReceipt): readonly VerifierKey[] {
  if (keys.length > 0) return keys
  throw new UsageError(`Whose key? Give the verifier key of ${origin}: --key KEY, or a trust policy that names it.`)
}

async function judge({ messages, receipt }: Kept, source: Source): Promise<Verdict> {
  if (source.keys.length === 0)
    return { kind: 'undecided', says: 'No key is known that may sign for this log. Give it: --key KEY.' }
  if (!isReceiptOf(receipt, source.keys))
    return { kind: 'forged', says: 'None of the keys that may sign for this log has signed the receipt.' }
  const found = await source.find()
  switch (found.kind) {
    case 'unknown':
      return {
        kind: 'undecided',
        says: `The log signed the receipt. Whether it kept its word cannot be told: ${found.why}.`,
      }
    case 'shorter':
      return { kind: 'omitted', says: `The log ends after ${found.size} records.` }
    case 'leaf':
      return equal(found.leaf, receipt.leaf)
        ? { kind: 'kept', says: keptWords(found) + refusedWords(found), same: sameAs(messages, found) }
        : { kind: 'omitted', says: `At its place the log has another record, whose leaf is ${toBase64(found.leaf)}.` }
  }
}

function keptWords({ below }: Extract<Found, { kind: 'leaf' }>): string {
  return below === undefined
    ? 'No signed head covers it yet; one will in a moment.'
    : `The signed head of size ${below} covers it.`
}

function refusedWords({ record }: Extract<Found, { kind: 'leaf' }>): string {
  return isRefusal(record) ? ' It says that the request was refused.' : ''
}

function isRefusal(record: StoredRecord | undefined): boolean {
  return record?.entry.kind === 'refused'
}

/** A reply is the response of its record, a request of the server the request. */
function sameAs(messages: readonly Uint8Array[], { record }: Extract<Found, { kind: 'leaf' }>): boolean | undefined {
  const part = record?.parts.response ?? record?.parts.request
  if (part === undefined || messages.length === 0) return undefined
  const same = part.opens && messages.some((message) => equal(message, part.bytes))
  // The words of a refusal are the gateway's own; on record are the request, and why it did not run.
  return !same && isRefusal(record) ? undefined : same
}

const FIRST = {
  kept: 'The record is in the log.',
  omitted:
    'The log BROKE ITS WORD: it signed this receipt, and the record is not in it. Keep the receipt and the newest head; together they prove it.',
  forged: 'This is no receipt of the log.',
  undecided: 'Undecided.',
} as const

function linesOf({ commit, origin, seq, time }: ClientReceipt, { kind, same, says }: Verdict): readonly string[] {
  const of = commit === undefined ? 'alone' : `with the ${commit.count} records from ${commit.first} on`
  return [
    `${FIRST[kind]} ${says}`,
    `Record ${seq} of ${origin}, of ${isoMicros(time)}, signed ${of}.`,
    ...(same === undefined ? [] : [same ? SAME : DIFFERENT]),
  ]
}

const SAME = 'The message is, byte for byte, what was recorded.'
const DIFFERENT =
  'The message is not byte for byte what was recorded: it was changed on its way, or written anew by whoever kept it.'

function factsOf({ origin, seq, time }: ClientReceipt, { kind, same, says }: Verdict, isOther: boolean) {
  return { ok: kind === 'kept' && !isOther, verdict: kind, origin, seq, time, says, message: same }
}
