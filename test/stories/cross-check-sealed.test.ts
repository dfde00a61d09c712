// What only the master key opens, checked by the verifier in Python: packs, encrypted segments, and
// signatures with ML-DSA-44.
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNATURE_TYPE, type SignatureType, writeVerifierKey } from '../../src/audit/note-key.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { DICTIONARY } from '../../src/store/packs/dictionary.ts'
import { KeyRing } from '../../src/store/packs/keys.ts'
import { sealNext } from '../../src/store/packs/seal.ts'
import { keysOf } from '../../src/store/segments/note-keys.ts'
import { findLogOfLogs, findStream } from '../../src/store/segments/stream.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { pythonKnowsMlDsa, verifyInPython } from '../cross/others.ts'
import { DataFolder, entry, openLog, SESSION } from '../failures/audit-support.ts'
import { encryptingKeys, masterKey } from '../support/segment-keys.ts'

const SAYS_ML_DSA: string = expect.stringContaining('ML-DSA-44')

let folder: DataFolder
let scratch: string
let keyFile: string
let otherKey: string
beforeAll(async () => {
  folder = new DataFolder()
  scratch = mkdtempSync(join(tmpdir(), 'sallyport-cross-'))
  keyFile = fileOf('master.key', toBase64(new Uint8Array(32).fill(7)))
  otherKey = fileOf('other.key', toBase64(new Uint8Array(32).fill(8)))
  const { log } = await openLog(folder, { keys: encryptingKeys(folder.path) })
  const sessions = [SESSION, `ses_${'6f'.repeat(16)}`] as const
  for (let call = 0; call < 150; call++)
    await Promise.all(
      sessions.map(async (session) => {
        const { index: of } = await log.append(entry('intent', { session, body: `{"n":${call}}` }))
        await log.append(entry('outcome', { session, of }))
      }),
    )
  await log.close()
  seal(folder.path)
}, 120_000)
afterAll(() => {
  folder[Symbol.dispose]()
  rmSync(scratch, { recursive: true, force: true })
})

describe('a log that is sealed and encrypted', () => {
  it('is verified in Python by whoever has the master key, each part of each record', () => {
    const said = verifyInPython(folder.path, '--policy', policy(SIGNATURE_TYPE.ed25519), '--master-key', keyFile)
    expect(said).toMatchObject({ code: 0, ok: true, findings: [], unchecked: [] })
    const [, stream] = said.logs
    expect(stream).toMatchObject({ records: { verified: stream?.['size'], unchecked: 0, missing: 0 } })
    expect(packs(folder.path).length).toBeGreaterThan(0)
  })

  it.each([
    ['without a key', [], /no --master-key was given/],
    ['with another key', ['--master-key', 'other'], /the master key is another one/],
  ])('%s its content is said to be unchecked, and its entries and heads are right', (_, args, says) => {
    const given = args.map((one) => (one === 'other' ? otherKey : one))
    const said = verifyInPython(folder.path, '--policy', policy(SIGNATURE_TYPE.ed25519), ...given)
    expect(said).toMatchObject({ code: 0, findings: [] })
    expect(String(said.unchecked)).toMatch(says)
    expect(said.logs[1]).toMatchObject({ records: { verified: 0, missing: 0 } })
  })

  it.each([
    ['a byte of a pack', (data: string) => flip(packs(data)[0] ?? '', 400), 'payload_altered'],
    ['a byte of an encrypted commit', (data: string) => flip(segments(data)[0] ?? '', 4200), 'segment_damaged'],
    ['the loss of a pack', (data: string) => rmSync(packs(data)[0] ?? ''), 'payload_missing'],
  ])('is found altered in Python after %s', (_, tamper, code) => {
    const data = join(scratch, 'bad')
    cpSync(folder.path, data, { recursive: true })
    tamper(data)
    const said = verifyInPython(data, '--master-key', keyFile)
    expect(said.code).toBe(1)
    expect(said.findings.map((finding) => finding.code)).toContain(code)
    rmSync(data, { recursive: true })
  })

  it('is signed with ML-DSA-44 too, which Python verifies by itself, or says that it cannot', () => {
    const file = policy(SIGNATURE_TYPE.mlDsa44)
    const said = verifyInPython(folder.path, '--policy', file, '--master-key', keyFile)
    expect(said).toMatchObject(
      pythonKnowsMlDsa() ? { code: 0, findings: [], unchecked: [] } : { code: 1, unchecked: [SAYS_ML_DSA] },
    )
    if (!pythonKnowsMlDsa()) return
    const all = findLogOfLogs(folder.path)
    const heads = join(dirname(all?.folder ?? ''), 'checkpoints')
    const before = readFileSync(heads, 'utf8')
    // A signature with ML-DSA-44 is the long line.
    writeFileSync(
      heads,
      before.replace(/[A-Za-z0-9+/](?=[A-Za-z0-9+/=]{100}\n)/g, (one) => (one === 'A' ? 'B' : 'A')),
    )
    expect(verifyInPython(folder.path, '--policy', file).findings.map(({ code }) => code)).toContain('head_signature')
    writeFileSync(heads, before)
  })

  it('needs the dictionary that lies beside the verifier, which is that of the packs', () => {
    expect(new Uint8Array(readFileSync('tools/pack-dictionary-1'))).toEqual(new Uint8Array(DICTIONARY))
  })
})

function fileOf(name: string, text: string): string {
  const path = join(scratch, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

/** All that can be sealed. */
function seal(dataFolder: string): void {
  const stream = findStream(dataFolder)
  if (stream === undefined) throw new Error('there is a log')
  using control = ControlDatabase.open(dataFolder)
  const keys = new KeyRing(control.database, masterKey())
  const terms = { encrypt: true, keys: 'session' } as const
  const of = { folder: dirname(stream.folder), origin: stream.origin, keys, termsOf: () => terms }
  while (sealNext(of));
}

function policy(type: SignatureType): string {
  const all = findLogOfLogs(folder.path)
  const key = all && keysOf(folder.path, all.origin).find((one) => one.type === type)
  if (key === undefined) throw new Error('there is a log of logs')
  return fileOf(`${type}.policy`, `log ${writeVerifierKey(key)}\nquorum none\n`)
}

function packs(dataFolder: string): string[] {
  return globSync('audit/**/*.pack', { cwd: dataFolder }).map((path) => join(dataFolder, path))
}

/** Of the stream, not of the log of logs; those that hold something. */
function segments(dataFolder: string): string[] {
  const stream = findStream(dataFolder)
  return globSync('*.seg', { cwd: stream?.folder ?? '' })
    .map((name) => join(stream?.folder ?? '', name))
    .filter((path) => readFileSync(path)[4096 + 3] !== 0 || readFileSync(path)[4096 + 2] !== 0)
    .toSorted()
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(path, bytes)
}
