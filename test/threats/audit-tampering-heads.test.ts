// Heads, keys and whole copies of a log that are tampered with. What can be found is found; what cannot is shown.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseSignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { writeNote } from '../../src/audit/note.ts'
import { SIGNATURE_TYPE } from '../../src/audit/note-key.ts'
import { noteSigner } from '../../src/audit/note-signature.ts'
import type { Finding } from '../../src/audit/verify.ts'
import { type Stream } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { DataFolder, openLog } from '../failures/audit-support.ts'
import { Copy, recordsOf } from './audit-forger.ts'
import {
  sharedTamperingLog,
  write,
  tampered,
  rewriteAll,
  codesOf,
  streamOf,
  allOf,
  removeLogOfLogs,
  headsOf,
  keptHead,
  policyOf,
  signedBy,
  strange,
  isIntent,
  changeBody,
  withoutHeartbeats,
} from './audit-tampering-support.ts'

const original = sharedTamperingLog()

describe('a thief with the key of the log', () => {
  it('who rewrites everything is found by the log of logs', () => {
    using copy = original.copy()
    expect(tampered(copy, changeBody(20), { heads: 'resign' })).toContain('head_conflict')
  })

  it('who rewrites the log of logs as well is found by whoever kept a head', () => {
    using copy = original.copy()
    tampered(copy, changeBody(20), { heads: 'resign' })
    removeLogOfLogs(copy.path)
    expect(codesOf(copy.path)).toEqual([])
    expect(codesOf(copy.path, { heads: [keptHead(original.path)] })).toEqual(['head_conflict'])
  })

  it('who rewrites what is older than the last witnessed head is found, and who rewrites what is newer is NOT: this is the window', async () => {
    using folder = new DataFolder()
    await write(folder, 20)
    const witness = noteSigner(
      'witness.example/w',
      SIGNATURE_TYPE.cosignature,
      generateKeyPairSync('ed25519').privateKey,
    )
    const before = streamOf(folder.path)
    const all = allOf(folder.path)
    const policy = policyOf(folder.path, witness.key)
    const head = parseSignedCheckpoint(readFileSync(join(dirname(all.folder), 'checkpoint')))
    if (head === undefined) throw new Error('there is a head')
    const signatures = [...head.note.signatures, witness.sign(head.note.text, 1_795_341_600)]
    writeFileSync(join(dirname(all.folder), 'witnessed'), writeNote({ text: head.note.text, signatures }))
    const seen = recordsOf(before).length
    expect(verifyFolder(folder.path, undefined, { policy })).toMatchObject({ ok: true, witnessed: { size: seen } })

    // What comes after it is below no witnessed head, and is counted apart.
    await write(folder, 20)
    const report = verifyFolder(folder.path, undefined, { policy })
    expect(report).toMatchObject({ ok: true, records: { verified: seen, unwitnessed: report.size - seen } })
    expect(codesOf(folder.path, { policy, requireQuorum: true })).toEqual(['witness_missing'])

    using old = new Copy(folder.path)
    rewriteAll(old.path, seen, changeBody(10))
    expect(codesOf(old.path, { policy })).toContain('head_conflict')

    using recent = new Copy(folder.path)
    rewriteAll(recent.path, seen, changeBody(seen + 10))
    expect(verifyFolder(recent.path, undefined, { policy })).toMatchObject({ ok: true, findings: [] })
  })
})

describe('heads that are put there', () => {
  it.each<[string, Finding['code'], (stream: Stream, folder: string) => string]>([
    ['two of one size', 'head_conflict', (stream, folder) => signedBy(folder, stream, { size: 200 })],
    ['one of another log', 'head_signature', (stream, folder) => signedBy(folder, stream, { origin: 'log.example/x' })],
    ['one that another key signed', 'head_signature', (stream) => strange(stream)],
    ['something that is no head', 'head_signature', (stream) => `${stream.origin}\nx\n`],
  ])('%s: %s', (_, code, make) => {
    using copy = original.copy()
    const stream = streamOf(copy.path)
    const kept = join(copy.path, 'kept')
    writeFileSync(
      kept,
      make(stream, copy.path).includes('—') ? make(stream, copy.path) : `${make(stream, copy.path)}\n— x AAAAAAAA\n`,
    )
    const file = join(dirname(stream.folder), 'checkpoints')
    writeFileSync(file, readFileSync(kept, 'utf8') + readFileSync(file, 'utf8'))
    expect(codesOf(copy.path)).toContain(code)
  })

  it('a key that signs without being announced: head_signature', async () => {
    using copy = original.copy()
    const stream = streamOf(copy.path)
    const other = noteSigner(stream.origin, SIGNATURE_TYPE.ed25519, generateKeyPairSync('ed25519').privateKey)
    const [newest] = headsOf(stream).slice(-1)
    const text = newest?.note.text ?? ''
    const file = join(dirname(stream.folder), 'checkpoints')
    writeFileSync(file, readFileSync(file, 'utf8') + writeNote({ text, signatures: [other.sign(text, 0)] }))
    expect(codesOf(copy.path)).toEqual(['head_signature'])
  })
})

describe('an old copy', () => {
  it('that is put back is found by whoever has a newer head, and a gateway that has one signed refuses it', async () => {
    using folder = new DataFolder()
    await write(folder, 10)
    using backup = new Copy(folder.path)
    await write(folder, 10)
    const newer = keptHead(folder.path)
    expect(codesOf(backup.path, { heads: [newer] })).toEqual(['rolled_back'])
    expect(codesOf(folder.path, { heads: [keptHead(backup.path)] })).toEqual([])
    // Records put back and heads left as they are: the start refuses.
    cpSync(streamOf(backup.path).folder, streamOf(folder.path).folder, { recursive: true })
    for (const name of readdirSync(streamOf(folder.path).folder))
      if (!readdirSync(streamOf(backup.path).folder).includes(name)) rmSync(join(streamOf(folder.path).folder, name))
    await expect(openLog(folder)).rejects.toThrow('does not go on from what it signed')
  })

  it('that is continued beside the first is found by the heads of the other', async () => {
    using folder = new DataFolder()
    await write(folder, 10)
    using twin = new DataFolder()
    cpSync(folder.path, twin.path, { recursive: true })
    await write(folder, 5)
    await write(twin, 9)
    expect(codesOf(twin.path, { heads: [keptHead(folder.path)] })).toEqual(['head_conflict'])
  })
})

describe('what is missing from a log', () => {
  it('an outcome without its intent: pair_missing', () => {
    using copy = original.copy()
    const codes = tampered(copy, (records) => records.toSpliced(records.findIndex(isIntent), 1), { heads: 'resign' })
    expect(codes).toContain('pair_missing')
  })

  it('heartbeats: stream_silent', () => {
    using copy = original.copy()
    removeLogOfLogs(copy.path)
    expect(tampered(copy, withoutHeartbeats, { heads: 'resign' })).toEqual(['stream_silent'])
  })

  it('the whole log: rolled_back', () => {
    using copy = original.copy()
    rmSync(dirname(streamOf(copy.path).folder), { recursive: true })
    rmSync(join(copy.path, 'audit', 'origin'))
    expect(codesOf(copy.path)).toEqual(['rolled_back'])
  })

  it('the file of heads: rolled_back', () => {
    using copy = original.copy()
    const folder = dirname(streamOf(copy.path).folder)
    for (const file of ['checkpoints', 'checkpoint']) rmSync(join(folder, file))
    expect(codesOf(copy.path)).toEqual(['rolled_back'])
  })
})
