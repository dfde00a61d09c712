// A log that the gateway's writer has written, checked by others: `tlog` and `note` of the Go project, and a verifier in Python
// that shares no line with ours. `npm run test:cross` does it with 100,000 entries.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { parseTrustPolicy, type TrustPolicy } from '../../src/audit/trust-policy.ts'
import { SIGNATURE_TYPE, writeVerifierKey } from '../../src/audit/note-key.ts'
import { FRAME_HEAD_BYTES, frameBytes } from '../../src/store/segments/frame.ts'
import { HEADER_BYTES } from '../../src/store/segments/header.ts'
import { keysOf } from '../../src/store/segments/note-keys.ts'
import { openSegmentLog } from '../../src/store/segments/segment-log.ts'
import { findLogOfLogs, findStream } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { witnessedFolder } from '../../src/store/segments/witnessed-folder.ts'
import { WitnessRounds } from '../../src/witness/witness-round.ts'
import { buildGo, verifyInPython } from '../cross/others.ts'
import { entry, EPOCH } from '../failures/audit-support.ts'
import { startWitness } from '../support/witness.ts'

const ENTRIES = Number(process.env['SALLYPORT_CROSS'] ?? 2000)
/** Records that wait for a sync together; a head is signed at most once a second. */
const TOGETHER = 250

let folder: string
let go: ReturnType<typeof buildGo>
let witnessKey: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-cross-'))
  go = buildGo()
  await writeLog(join(folder, 'good'))
}, 600_000)
afterAll(() => {
  go?.[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('a log of ours', () => {
  it('is right to the Go project: head, root, entries, proofs of membership and growth, cosignatures', () => {
    const data = join(folder, 'good')
    const { root, size } = headOf(data)
    expect(size).toBeGreaterThan(ENTRIES)
    const stream = go.run('check', ...ofStream(data))
    expect(stream).toMatchObject({ ok: true, size, entries: size, root })
    expect(stream['inclusions']).toBeGreaterThan(Math.min(ENTRIES, 4000))
    const all = go.run('check', ...ofLogOfLogs(data), witnessKey)
    expect(all).toMatchObject({ ok: true, cosigned: 1 })
    expect(all['heads']).toBeGreaterThan(2)
  })

  it('is right to the verifier in Python, from the outside in, and witnessed', () => {
    const said = verifyInPython(join(folder, 'good'), '--policy', join(folder, 'good.policy'))
    const { size } = headOf(join(folder, 'good'))
    expect(said).toMatchObject({ code: 0, ok: true, findings: [], unchecked: [] })
    expect(said.logs).toMatchObject([{ witnessed: expect.any(Number) }, { size, records: { verified: size } }])
    expect(verifyFolder(join(folder, 'good'))).toMatchObject({ ok: true, size })
  })

  it('is not right to Python for somebody who trusts another key', () => {
    const other = join(folder, 'other.policy')
    writeFileSync(other, readFileSync(join(folder, 'good.policy'), 'utf8').replace(/^log .*$/m, logLine('stranger')))
    // The name is another one, so the log is not in the policy at all: it says so, and takes the log's own word.
    expect(verifyInPython(join(folder, 'good'), '--policy', other)).toMatchObject({
      unchecked: expect.arrayContaining([expect.stringContaining('that it names itself')]),
    })
  })
})

type Tamper = (stream: string) => void

describe('an altered log is found', () => {
  it.each<[string, Tamper, string, string]>([
    ['an entry', flip('tile/entries/000', 200), 'entry_mismatch', 'tile_mismatch'],
    ['the length of an entry', flip('tile/entries/001', 1), 'entry_mismatch', 'tile_mismatch'],
    ['a hash of a leaf', flip('tile/0/000', 40), 'entry_mismatch', 'tile_mismatch'],
    ['an upper tile', flip(/tile\/1\/000(?:\.p\/\d+)?$/, 8), 'tile_mismatch', 'tile_mismatch'],
    [
      'the root in the head',
      replace('checkpoint', /\n([A-Za-z0-9+/]{43}=)\n/, `\n${'A'.repeat(43)}=\n`),
      'head_signature',
      'head_signature',
    ],
    ['the size in the head', replace('checkpoint', /\n\d+\n/, '\n7\n'), 'head_signature', 'head_signature'],
    ['the signature', replace('checkpoint', /.(?=.{8}=?\n$)/, '!'), 'unreadable', 'head_signature'],
    ['an old head', replace('checkpoints', /\n\d+\n/, '\n7\n'), 'head_signature', 'head_signature'],
    ['two entries, swapped with their hashes', swapEntries, 'head_conflict', 'tile_mismatch'],
    ['a bundle, removed', remove('tile/entries/001'), 'tile_missing', 'tile_missing'],
  ])('%s', (_, tamper, code, ours) => {
    const data = mkdtempSync(join(folder, 'bad-'))
    cpSync(join(folder, 'good'), data, { recursive: true })
    const stream = dirname(findStream(data)?.folder ?? '')
    tamper(stream)
    expect(go.run('check', ...ofStream(data)).ok).toBe(false)
    const said = verifyInPython(data)
    expect(said.findings.map((finding) => finding.code)).toContain(code)
    expect(verifyFolder(data).findings.map((finding) => finding.code)).toContain(ours)
    rmSync(data, { recursive: true })
  })
})

it('what somebody said, altered with its checksum, is found by Python as by our own verifier; Go sees no content', () => {
  const data = mkdtempSync(join(folder, 'bad-'))
  cpSync(join(folder, 'good'), data, { recursive: true })
  alterPayload(dirname(findStream(data)?.folder ?? ''))
  const found = { code: 'payload_altered', seq: 3 }
  expect(verifyInPython(data).findings).toMatchObject([found])
  expect(verifyFolder(data).findings).toMatchObject([found])
  expect(go.run('check', ...ofStream(data)).ok).toBe(true)
})

async function writeLog(data: string): Promise<void> {
  const failures: unknown[] = []
  const onFatal = (failure: unknown) => void failures.push(failure)
  const log = await openSegmentLog({ folder: data, policyEpoch: EPOCH, segmentBytes: 8 * 1024 * 1024, onFatal })
  for (let i = 0; i < ENTRIES / 2; i += TOGETHER) {
    const intents = await Promise.all(Array.from({ length: TOGETHER }, () => log.append(entry('intent'))))
    await Promise.all(intents.map((one) => log.append(entry('outcome', { of: one.index }))))
  }
  await log.close()
  expect(failures).toEqual([])
  await cosign(data)
}

async function cosign(data: string): Promise<void> {
  const log = witnessedFolder(data)
  await using witness = await startWitness('w', log.keys)
  const text = `${logLine(data)}\n${witness.line}\nquorum w\n`
  writeFileSync(`${data}.policy`, text)
  const round = await new WitnessRounds(log, policyOf(text)).ask(log.newest() as SignedCheckpoint)
  expect(round).toMatchObject({ quorum: true, trouble: [] })
  witnessKey = writeVerifierKey(witness.keys[0] as (typeof witness.keys)[0])
}

function policyOf(text: string): TrustPolicy {
  const read = parseTrustPolicy(encodeUtf8(text))
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes))
  return read.policy
}

/** Of the log of logs; of somebody else's where there is none. */
function logLine(data: string): string {
  const found = data === 'stranger' ? undefined : findLogOfLogs(data)
  return found === undefined
    ? `log PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW`
    : `log ${keyOf(data, found.origin)}`
}

function keyOf(data: string, origin: Parameters<typeof keysOf>[1]): string {
  const key = keysOf(data, origin).find(({ type }) => type === SIGNATURE_TYPE.ed25519)
  return key === undefined ? '' : writeVerifierKey(key)
}

function ofStream(data: string): [string, string] {
  const stream = findStream(data)
  if (stream === undefined) throw new Error('no stream')
  return [dirname(stream.folder), keyOf(data, stream.origin)]
}

function ofLogOfLogs(data: string): [string, string] {
  const all = findLogOfLogs(data)
  if (all === undefined) throw new Error('no log of logs')
  return [dirname(all.folder), keyOf(data, all.origin)]
}

function headOf(data: string): { readonly size: number; readonly root: string } {
  const head = parseSignedCheckpoint(readFileSync(join(ofStream(data)[0], 'checkpoint')))
  return { size: head?.size ?? 0, root: Buffer.from(head?.root ?? []).toString('base64') }
}

function pathIn(stream: string, name: string | RegExp): string {
  if (typeof name === 'string') return join(stream, name)
  // Of partial tiles of several heads the widest: it is the one that the newest head needs.
  const [found] = readdirSync(stream, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .toSorted((a, b) => Number(b.split('/').at(-1)) - Number(a.split('/').at(-1)))
  if (found === undefined) throw new Error(`nothing like ${name}`)
  return join(stream, found)
}

function flip(name: string | RegExp, at: number): Tamper {
  return (stream) => {
    const path = pathIn(stream, name)
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    writeFileSync(path, bytes)
  }
}

function replace(name: string, what: RegExp, by: string): Tamper {
  return (stream) => {
    const path = join(stream, name)
    const before = readFileSync(path, 'utf8')
    const after = before.replace(what, by)
    if (after === before) throw new Error('nothing was replaced')
    writeFileSync(path, after)
  }
}

function remove(name: string): Tamper {
  return (stream) => rmSync(join(stream, name))
}

/** Of equal length, so that bundle and tile stay well formed; only the root is another one. */
function swapEntries(stream: string): void {
  for (const [name, first, second, length] of [
    ['tile/entries/001', 0, 186, 186],
    ['tile/0/001', 0, 32, 32],
  ] as const) {
    const path = join(stream, name)
    const bytes = readFileSync(path)
    const [a, b] = [bytes.subarray(first, first + length), bytes.subarray(second, second + length)].map((one) =>
      Buffer.from(one),
    )
    a?.copy(bytes, second)
    b?.copy(bytes, first)
    writeFileSync(path, bytes)
  }
}

/** One letter of record 3 in the running segment, with a checksum that is right again. */
function alterPayload(stream: string): void {
  const path = pathIn(stream, /wal\/0{15}0\.seg$/)
  const bytes = readFileSync(path)
  let at = HEADER_BYTES
  for (let i = 0; i < 4; i++) at += frameBytes(bytes.readUInt32BE(at))
  const end = at + FRAME_HEAD_BYTES + bytes.readUInt32BE(at)
  bytes.writeUInt8(bytes.readUInt8(end - 1) ^ 1, end - 1)
  const salt = crc32(bytes.subarray(32, 48))
  bytes.writeUInt32BE(crc32(bytes.subarray(at + 8, end), crc32(bytes.subarray(at, at + 4), salt)), at + 4)
  writeFileSync(path, bytes)
}
