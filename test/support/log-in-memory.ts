// A log in memory, for whoever signs heads, proves and cosigns: real keys, a real tree, and as many histories as a liar needs.
import { generateKeyPairSync } from 'node:crypto'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import { writeCheckpoint } from '../../src/audit/checkpoint.ts'
import { writeNote } from '../../src/audit/note.ts'
import { SIGNATURE_TYPE, writeVerifierKey } from '../../src/audit/note-key.ts'
import { type NoteSigner, noteSigner } from '../../src/audit/note-signature.ts'
import { consistencyProof, type HashReader, rootAt } from '../../src/audit/proof.ts'
import { leafHash, nodeHash } from '../../src/audit/tree.ts'
import { writeAddCheckpoint } from '../../src/witness/add-checkpoint.ts'

export class LogInMemory {
  readonly origin: string
  readonly signer: NoteSigner
  readonly #leaves: Uint8Array[] = []

  constructor(origin = 'example.com/log', signer = newSigner(origin, SIGNATURE_TYPE.ed25519)) {
    this.origin = origin
    this.signer = signer
  }

  /** The same name and key, another history after so many leaves: what a thief of the key would write. */
  fork(size: number, ...leaves: readonly string[]): LogInMemory {
    const fork = new LogInMemory(this.origin, this.signer)
    fork.#leaves.push(...this.#leaves.slice(0, size))
    return fork.append(...leaves)
  }

  get size(): number {
    return this.#leaves.length
  }

  append(...leaves: readonly string[]): this {
    this.#leaves.push(...leaves.map((leaf) => leafHash(encodeUtf8(leaf))))
    return this
  }

  /** The signed head of the first `size` leaves. */
  note(size = this.size, signers: readonly NoteSigner[] = [this.signer]): string {
    const text = writeCheckpoint({ origin: this.origin, size, root: rootAt(size, this.#read) })
    return writeNote({ text, signatures: signers.map((signer) => signer.sign(text, 1)) })
  }

  proof(oldSize: number, size = this.size): readonly Uint8Array[] {
    return consistencyProof(oldSize, size, this.#read)
  }

  /** What an honest log sends. */
  request(oldSize: number, size = this.size): string {
    return writeAddCheckpoint({ oldSize, proof: this.proof(oldSize, size), note: this.note(size) })
  }

  get policyLine(): string {
    return `log ${writeVerifierKey(this.signer.key)}`
  }

  readonly #read: HashReader = (height, index) => {
    const leaf = this.#leaves[index]
    if (height === 0 && leaf !== undefined) return leaf
    return nodeHash(this.#read(height - 1, index * 2), this.#read(height - 1, index * 2 + 1))
  }
}

export function newSigner(name: string, type: (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE]): NoteSigner {
  const { privateKey } =
    type === SIGNATURE_TYPE.mlDsa44 ? generateKeyPairSync('ml-dsa-44') : generateKeyPairSync('ed25519')
  return noteSigner(name, type, privateKey)
}
