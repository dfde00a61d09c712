import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { isKeyName, SIGNATURE_TYPE, type SignatureType } from '../audit/note-key.ts'
import { type NoteSigner, noteSigner } from '../audit/note-signature.ts'
import { GatewayError } from '../base/assert.ts'

/** The name and the keys of a witness, in its folder: both kinds, and whoever trusts it takes the one they want. */
export interface WitnessIdentity {
  readonly name: string
  /** Ed25519, which verifiers everywhere know; ML-DSA-44, which lasts against a quantum computer. */
  readonly signers: readonly [NoteSigner, NoteSigner]
}

/** Made at the first start, which needs a name; never changed after. Throws GatewayError. */
export function openIdentity(folder: string, name: string | undefined): WitnessIdentity {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const nameFile = join(folder, 'name')
  const stored = fs.existsSync(nameFile) ? fs.readFileSync(nameFile, 'utf8').trim() : undefined
  const chosen = stored ?? name
  if (chosen === undefined || !isKeyName(chosen) || chosen.length > NAME_CHARS_MAX)
    throw wrong(`A witness needs a name without spaces and plus, such as witness.example.com/w1. Add --name NAME.`)
  if (name !== undefined && name !== chosen)
    throw wrong(
      `This witness is called ${chosen}, and its signatures carry that. Leave --name out, or take another folder.`,
    )
  const signers = [
    noteSigner(chosen, SIGNATURE_TYPE.cosignature, keyOf(folder, SIGNATURE_TYPE.cosignature)),
    noteSigner(chosen, SIGNATURE_TYPE.mlDsa44, keyOf(folder, SIGNATURE_TYPE.mlDsa44)),
  ] as const
  if (stored === undefined) writeOnce(nameFile, `${chosen}\n`)
  return { name: chosen, signers }
}

/** An ML-DSA cosignature carries the name behind a length of one byte. */
const NAME_CHARS_MAX = 80

function keyOf(folder: string, type: SignatureType): KeyObject {
  const path = join(folder, type === SIGNATURE_TYPE.mlDsa44 ? 'ml-dsa-44.pem' : 'ed25519.pem')
  if (!fs.existsSync(path)) {
    const { privateKey } =
      type === SIGNATURE_TYPE.mlDsa44 ? generateKeyPairSync('ml-dsa-44') : generateKeyPairSync('ed25519')
    writeOnce(path, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
  }
  try {
    return createPrivateKey(fs.readFileSync(path))
  } catch (cause) {
    throw wrong(`The key ${path} cannot be read. Restore it from a backup.`, cause)
  }
}

/** Whole or not at all, for its owner only, and never over what is there. */
function writeOnce(path: string, text: string): void {
  const fd = fs.openSync(`${path}.new`, 'w', 0o600)
  try {
    fs.writeFileSync(fd, text)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  fs.renameSync(`${path}.new`, path)
}

function wrong(message: string, cause?: unknown): GatewayError {
  return new GatewayError('config_invalid', message, { cause })
}
