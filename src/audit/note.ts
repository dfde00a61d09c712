import { concat, decodeUtf8, encodeUtf8, fromBase64, isUtf8, toBase64 } from '../base/bytes.ts'
import { isKeyName } from './note-key.ts'

/** A text signed by one or more keys (C2SP signed-note). Nothing in it counts before a signature was verified. */
export interface Note {
  /** Ends in a newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export interface NoteSignature {
  readonly name: string
  /** Four bytes. */
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

const KEY_ID_BYTES = 4
/** Verifiers accept at least 16; more are refused, so that a stranger cannot make us verify without end. */
const SIGNATURES_MAX = 64
const NOTE_BYTES_MAX = 1024 * 1024
/** Em dash and a space begin each signature line. */
const SIGNED_BY = '— '

export function writeNote({ signatures, text }: Note): string {
  return `${text}\n${signatures.map(writeSignatureLine).join('')}`
}

export function writeSignatureLine({ keyId, name, signature }: NoteSignature): string {
  return `${SIGNED_BY}${name} ${toBase64(concat([keyId, signature]))}\n`
}

/** Undefined for anything that is not exactly a signed note: other control characters, no blank line, an open last line. */
export function parseNote(note: Uint8Array | string): Note | undefined {
  const bytes = typeof note === 'string' ? encodeUtf8(note) : note
  if (bytes.length > NOTE_BYTES_MAX || !isUtf8(bytes)) return undefined
  const whole = decodeUtf8(bytes)
  // The last blank line parts text and signatures.
  const cut = whole.lastIndexOf('\n\n')
  if (cut < 0 || !whole.endsWith('\n') || hasControls(whole)) return undefined
  const signatures = parseSignatureLines(whole.slice(cut + 2))
  return signatures && signatures.length > 0 ? { text: whole.slice(0, cut + 1), signatures } : undefined
}

/** Lines as `writeSignatureLine` writes them, or as a witness answers; undefined where one is not. */
export function parseSignatureLines(lines: string): readonly NoteSignature[] | undefined {
  const signatures: NoteSignature[] = []
  const split = lines.split('\n')
  if (split.pop() !== '' || split.length > SIGNATURES_MAX) return undefined
  for (const line of split) {
    const signature = parseSignatureLine(line)
    if (signature === undefined) return undefined
    signatures.push(signature)
  }
  return signatures
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  if (!line.startsWith(SIGNED_BY)) return undefined
  const [name = '', encoded = '', ...more] = line.slice(SIGNED_BY.length).split(' ')
  const bytes = fromBase64(encoded)
  if (more.length > 0 || !isKeyName(name) || bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) }
}

/** Whether a line of a file of many notes begins a signature, and no text. */
export function isSignatureLine(line: string): boolean {
  return line.startsWith(SIGNED_BY)
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 && unit !== 0x0a) return true
  }
  return false
}
