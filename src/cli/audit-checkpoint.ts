import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseCheckpoints, parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { decodeEntry } from '../audit/entry.ts'
import { isoMicros } from '../audit/iso-time.ts'
import { SIGNATURE_TYPE, type SignatureType, type VerifierKey, writeVerifierKey } from '../audit/note-key.ts'
import { verifyNote } from '../audit/note-signature.ts'
import { decodeBundle, tileAt, TILE_WIDTH } from '../audit/tile.ts'
import { equal, toBase64, toHex } from '../base/bytes.ts'
import { CHECKPOINT } from '../store/segments/heads.ts'
import { keysOf } from '../store/segments/note-keys.ts'
import { findLogOfLogs, findStream, type Stream } from '../store/segments/stream.ts'
import { readTile } from '../store/segments/tile-files.ts'
import { WITNESSED } from '../store/segments/verify-stream.ts'
import { lastWitnessed, ownPolicy, sayWitnessed } from './audit-witnessed.ts'
import { logFolder, witnessesOf } from './log-folder.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
  note: { type: 'boolean', default: false },
  policy: { type: 'boolean', default: false },
} as const

interface Shown {
  readonly name: 'Log' | 'Log of logs'
  /** Of the stream. */
  readonly folder: string
  readonly note: string
  readonly head: SignedCheckpoint
  readonly keys: readonly VerifierKey[]
}

/** `sallyport audit checkpoint`: the newest heads for people; for programs the notes (`--note`), facts (`--json`) or a trust policy (`--policy`). */
export async function checkpoint(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const folder = await logFolder(values)
  if (values.policy) {
    printLine(ownPolicy(folder) ?? '')
    return EXIT.fine
  }
  const shown = [
    ...shownOf('Log', folder, findStream(folder)),
    ...shownOf('Log of logs', folder, findLogOfLogs(folder)),
  ]
  if (shown.length === 0) throw new UsageError(`There is no signed head in ${folder} yet.`)
  if (values.json) printLine(JSON.stringify(shown.map(factsOf)))
  else if (values.note) for (const { note } of shown) printLine(note.trimEnd())
  else await printHeads(shown, folder, values)
  return EXIT.fine
}

function shownOf(name: Shown['name'], dataFolder: string, stream: Stream | undefined): Shown[] {
  const found = stream && newestHead(stream)
  if (stream === undefined || found === undefined) return []
  return [{ name, folder: dirname(stream.folder), ...found, keys: keysOf(dataFolder, stream.origin) }]
}

/** As it was published; undefined where none was yet. */
export function newestHead({ folder }: Stream): { readonly note: string; readonly head: SignedCheckpoint } | undefined {
  const note = textOf(join(dirname(folder), CHECKPOINT))
  const head = parseSignedCheckpoint(note)
  return head && { note, head }
}

function factsOf({ head, keys, note }: Shown) {
  return { origin: head.origin, size: head.size, root: toBase64(head.root), note, keys: keys.map(writeVerifierKey) }
}

async function printHeads(
  shown: readonly Shown[],
  dataFolder: string,
  values: { readonly config?: string | undefined },
): Promise<void> {
  for (const one of shown) for (const line of linesOf(one)) printLine(line)
  const witnesses = await witnessesOf(values)
  if (witnesses !== undefined) printLine(sayWitnessed(lastWitnessed(dataFolder, witnesses.policy)))
  printLine('\nKeys that verify these heads, for whoever checks them (those of ML-DSA-44 are long: see --json):')
  const written = shown.flatMap(({ keys }) => keys.filter(({ type }) => type === SIGNATURE_TYPE.ed25519))
  for (const key of written) printLine(`  ${writeVerifierKey(key)}`)
  printLine('The signed notes themselves, to keep or to hand out: --note.')
}

function linesOf({ folder, head, keys, name }: Shown): readonly string[] {
  const { origin, root, size } = head
  const time = newestTime(folder, size)
  return [
    `${name} ${origin}`,
    `  ${size} records, root ${toBase64(root)}`,
    ...(time === undefined ? [] : [`  newest of ${isoMicros(time)}`]),
    ...signedLines(head, keys),
    ...cosignedLines(folder, head),
  ]
}

/** One line for each signature of the head, and whether it is right. */
function signedLines({ note }: SignedCheckpoint, keys: readonly VerifierKey[]): readonly string[] {
  const { verified, wrong } = verifyNote(note, keys)
  const unknown = note.signatures.filter((line) => !keys.some(({ id }) => equal(id, line.keyId)))
  return [
    ...verified.map(({ key, seconds }) => `  signed by key ${toHex(key.id)}, ${ALGORITHMS[key.type]}${at(seconds)}`),
    ...wrong.map((key) => `  NOT signed by key ${toHex(key.id)}: the signature is wrong`),
    ...unknown.map(({ keyId }) => `  signed by key ${toHex(keyId)}, not checked: that key is not here`),
  ]
}

const ALGORITHMS: Readonly<Record<SignatureType, string>> = { 0x01: 'Ed25519', 0x04: 'Ed25519', 0x06: 'ML-DSA-44' }

function at(seconds: number | undefined): string {
  return seconds === undefined ? '' : `, at ${isoMicros(seconds * 1_000_000)}`
}

/** Witnesses look at heads some seconds later, and not at each. Whether they are those that one trusts, a policy says. */
function cosignedLines(folder: string, { origin }: SignedCheckpoint): readonly string[] {
  const newest = parseCheckpoints(textOf(join(folder, WITNESSED))).heads.at(-1)?.head
  if (newest === undefined) return []
  const names = new Set(newest.note.signatures.map(({ name }) => name).filter((name) => name !== origin))
  return [`  at ${newest.size} records cosigned by ${[...names].join(', ')}`]
}

/** Of the newest record below the head; undefined where its entry is not there. */
function newestTime(folder: string, size: number): number | undefined {
  const place = size === 0 ? undefined : tileAt('entries', Math.floor((size - 1) / TILE_WIDTH), size)
  const entries = place && decodeBundle(readTile(folder, place) ?? new Uint8Array(0))
  const entry = entries?.[(size - 1) % TILE_WIDTH]
  return entry && decodeEntry(entry)?.time
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // None was published yet.
    return ''
  }
}
