import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseCheckpoints, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { decodeEntry } from '../audit/entry.ts'
import { inclusionProof, tileHashReader, verifyInclusion } from '../audit/proof.ts'
import { decodeBundle, tileAt, TILE_WIDTH } from '../audit/tile.ts'
import { writeTlogProof } from '../audit/tlog-proof.ts'
import { leafHash } from '../audit/tree.ts'
import { GatewayError } from '../base/assert.ts'
import { CHECKPOINT } from '../store/segments/heads.ts'
import { recordAt } from '../store/segments/read-records.ts'
import { findStream } from '../store/segments/stream.ts'
import { readTile } from '../store/segments/tile-files.ts'
import { logFolder } from './log-folder.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { packKeysOf } from './pack-keys.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = { data: { type: 'string' }, config: { type: 'string', short: 'c' } } as const

/** `sallyport audit prove SEQ`: a proof file for one record, which verifies anywhere, without us and without the log. */
export async function prove(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [text = '', ...more] = positionals
  if (!/^\d{1,15}$/.test(text) || more.length > 0)
    throw new UsageError('Name one record by its number: audit prove SEQ.')
  const seq = Number(text)
  const dataFolder = await logFolder(values)
  const stream = findStream(dataFolder)
  if (stream === undefined) throw new UsageError('There is no log yet.')
  const folder = dirname(stream.folder)
  const head = newestOf(folder)
  if (head === undefined || seq >= head.size) {
    const covered = `the newest signed head covers ${head?.size ?? 0} records`
    const isThere =
      (await recordAt({ folder: dataFolder, keys: await packKeysOf(values, dataFolder) }, seq)) !== undefined
    printError(
      isThere
        ? `No signed head covers record ${seq} yet: ${covered}. Ask again in a moment.`
        : `There is no record ${seq} that can be read here: ${covered}.`,
    )
    return EXIT.refused
  }
  printLine(writeTlogProof({ ...proofOf(folder, seq, head), index: seq, checkpoint: head }).trimEnd())
  return EXIT.fine
}

/** The newest head of a stream's folder, with cosignatures where there are some. */
export function newestOf(folder: string): SignedCheckpoint | undefined {
  return heads(join(folder, 'witnessed')).at(-1) ?? heads(join(folder, CHECKPOINT)).at(-1)
}

function heads(path: string): readonly SignedCheckpoint[] {
  try {
    return parseCheckpoints(readFileSync(path, 'utf8')).heads.flatMap(({ head }) => head ?? [])
  } catch {
    // Not every log is witnessed.
    return []
  }
}

/** The proof is checked before it is handed out: one from a damaged folder would only confuse. */
export function proofOf(folder: string, seq: number, { root, size }: SignedCheckpoint) {
  const at = tileAt('entries', Math.floor(seq / TILE_WIDTH), size)
  const entry = at && decodeBundle(readTile(folder, at) ?? new Uint8Array(0))?.[seq % TILE_WIDTH]
  if (entry === undefined || decodeEntry(entry) === undefined) throw damaged(seq)
  const read = tileHashReader(size, (tile) => {
    const bytes = readTile(folder, tile)
    if (bytes === undefined) throw damaged(seq)
    return bytes
  })
  const proof = inclusionProof(seq, size, read)
  if (!verifyInclusion({ index: seq, size, leaf: leafHash(entry), proof, root })) throw damaged(seq)
  return { extra: entry, proof }
}

function damaged(seq: number): GatewayError {
  return new GatewayError(
    'log_unavailable',
    `Record ${seq} cannot be proven: its tiles are missing or altered. "sallyport audit verify" says where.`,
  )
}
