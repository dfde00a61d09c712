// Logs that are tampered with, and what is found in them.
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { parseCheckpoints, parseSignedCheckpoint, writeCheckpoint } from '../../src/audit/checkpoint.ts'
import { writeNote } from '../../src/audit/note.ts'
import { SIGNATURE_TYPE } from '../../src/audit/note-key.ts'
import { noteSigner } from '../../src/audit/note-signature.ts'
import type { TrustPolicy } from '../../src/audit/trust-policy.ts'
import type { Finding } from '../../src/audit/verify.ts'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import { keysOf } from '../../src/store/segments/note-keys.ts'
import { findLogOfLogs, findStream, type Stream } from '../../src/store/segments/stream.ts'
import { type Trust, verifyFolder } from '../../src/store/segments/verify.ts'
import { verifyStream } from '../../src/store/segments/verify-records.ts'
import { DataFolder, entry, openLog, SESSION, until } from '../failures/audit-support.ts'
import { Copy, envelopeWith, type Forged, recordsOf, type Rewrite, rewrite, withContent } from './audit-forger.ts'

const OTHER_SESSION = new Uint8Array(16).fill(0x77)

/** A log that a file of tests looks at, and tampers with copies of: written before them, removed after. */
export function sharedLog(fill: (folder: DataFolder) => Promise<void>): { readonly path: string; copy(): Copy } {
  const shared: { folder?: DataFolder } = {}
  const path = (): string => {
    if (shared.folder === undefined) throw new Error('a log is there once the tests run')
    return shared.folder.path
  }
  beforeAll(async () => {
    shared.folder = new DataFolder()
    await fill(shared.folder)
  })
  afterAll(() => shared.folder?.[Symbol.dispose]())
  return {
    get path() {
      return path()
    },
    copy: () => new Copy(path()),
  }
}

/** 300 records: a full tile and a partial one, several heads. */
export function sharedTamperingLog(): ReturnType<typeof sharedLog> {
  return sharedLog((folder) => write(folder, 144))
}

const HEARTBEAT_MS = 100

export async function write(folder: DataFolder, calls: number): Promise<void> {
  const { log } = await openLog(folder, { limits: { headMs: 100, handInMs: 200, heartbeatMs: HEARTBEAT_MS } })
  for (let call = 0; call < calls; call += 1) {
    const intent = await log.append(entry('intent'))
    if (call === calls >> 1) {
      await until(() => log.stats.signedSize > intent.index)
      // A heartbeat or two come in the middle, and not after everything else.
      await sleep(HEARTBEAT_MS * 10)
    }
    await log.append(entry('outcome', { of: intent.index, session: SESSION }))
  }
  await log.close()
}

export function tampered(copy: Copy, change: (records: Forged[]) => Forged[], how: Rewrite): Finding['code'][] {
  const stream = streamOf(copy.path)
  rewrite(copy.path, stream, change(recordsOf(stream)), how)
  return codesOf(copy.path)
}

/** Stream and log of logs, each signed anew; the heads of the stream that the log of logs holds are made to fit. */
export function rewriteAll(path: string, seen: number, change: (records: Forged[]) => Forged[]): void {
  const stream = streamOf(path)
  const all = allOf(path)
  const others = recordsOf(all)
  rewrite(path, stream, change(recordsOf(stream)), { heads: 'resign' })
  const head = readFileSync(join(dirname(stream.folder), 'checkpoint'), 'utf8')
  const fitting = others.map((record) => {
    const text = new TextDecoder().decode(record.parts.envelope?.content)
    const size = Number(/"size":(\d+)\}/.exec(text)?.[1] ?? 0)
    if (record.fields.kind !== 'node.checkpoint' || size <= seen) return record
    const node = JSON.stringify({ checkpoint: head, origin: stream.origin, size: parseSignedCheckpoint(head)?.size })
    return withContent(record, 'envelope', encodeUtf8(text.replace(/"node":\{.*\},"ts"/, () => `"node":${node},"ts"`)))
  })
  rewrite(path, all, fitting, { heads: 'resign' })
}

export function codesOf(path: string, trust: Trust = {}): Finding['code'][] {
  return [...new Set(verifyFolder(path, undefined, trust).findings.map(({ code }) => code))]
}

/** What is found in one log alone, which is quick enough for each byte. */
export function findingsOf(stream: Stream): readonly Finding[] {
  const found: Finding[] = []
  const told = { report: (one: Finding) => void found.push(one), warn: () => undefined }
  verifyStream(stream, { ...told, trusted: undefined, judge: undefined, kept: [], proven: undefined })
  return found
}

export function streamOf(path: string): Stream {
  const stream = findStream(path)
  if (stream === undefined) throw new Error('there is a log')
  return stream
}

export function allOf(path: string): Stream {
  const all = findLogOfLogs(path)
  if (all === undefined) throw new Error('there is a log of logs')
  return all
}

export function removeLogOfLogs(path: string): void {
  rmSync(dirname(allOf(path).folder), { recursive: true })
  rmSync(join(path, 'audit', 'all'))
}

export function headsOf(stream: Stream) {
  const text = readFileSync(join(dirname(stream.folder), 'checkpoints'), 'utf8')
  return parseCheckpoints(text).heads.flatMap(({ head }) => head ?? [])
}

export function keptHead(path: string) {
  return { head: headsOf(streamOf(path)).at(-1), file: 'kept' }
}

export function policyOf(path: string, witness?: TrustPolicy['witnesses'][number]['key']): TrustPolicy {
  const logs = keysOf(path, allOf(path).origin).map((key) => ({ key, url: undefined }))
  return witness === undefined
    ? { logs, witnesses: [], quorum: { kind: 'none' } }
    : { logs, witnesses: [{ name: 'w', key: witness, url: undefined }], quorum: { kind: 'witness', name: 'w' } }
}

/** A head by the stream's own key over a root that is not its. */
export function signedBy(folder: string, stream: Stream, of: { size?: number; origin?: string }): string {
  const signer = noteSigner(
    of.origin ?? stream.origin,
    SIGNATURE_TYPE.ed25519,
    generateKeyPairSync('ed25519').privateKey,
  )
  const [head] = headsOf(streamOf(folder)).slice(-1)
  const size = of.size === undefined ? 5 : (head?.size ?? 0)
  const text = writeCheckpoint({ origin: of.origin ?? stream.origin, size, root: new Uint8Array(32) })
  return writeNote({ text, signatures: [signer.sign(text, 0)] })
}

export function strange(stream: Stream): string {
  const signer = noteSigner(stream.origin, SIGNATURE_TYPE.ed25519, generateKeyPairSync('ed25519').privateKey)
  const [head] = headsOf(stream).filter(({ size }) => size > 0)
  const text = head?.note.text ?? ''
  return writeNote({ text, signatures: [signer.sign(text, 0)] })
}

export function at(records: readonly Forged[], i: number): Forged {
  const record = records[i]
  if (record === undefined) throw new Error(`there is no record ${i}`)
  return record
}

export function isIntent({ fields }: Forged): boolean {
  return fields.kind === 'intent'
}

export function withFields(record: Forged, fields: Partial<Forged['fields']>): Forged {
  return { ...record, fields: { ...record.fields, ...fields } }
}

export function renamed(record: Forged): Forged {
  if (record.fields.session === undefined) return record
  const envelope = envelopeWith(record, SESSION, `ses_${'77'.repeat(16)}`)
  return withContent(withFields(record, { session: OTHER_SESSION }), 'envelope', envelope)
}

export function changeBody(seq: number): (records: Forged[]) => Forged[] {
  return (records) => {
    const i = records.findIndex(({ fields, parts }) => fields.seq >= seq && parts.request !== undefined)
    return records.with(i, withContent(at(records, i), 'request', encodeUtf8('{"harmless":true}')))
  }
}

/** Everything came three minutes later that stands after the first heartbeat which says how often there is one. */
export function withoutHeartbeats(records: Forged[]): Forged[] {
  const alive = records.findIndex(({ parts }) =>
    new TextDecoder().decode(parts.envelope?.content).includes('"every_s"'),
  )
  if (alive < 0 || alive === records.length - 1) throw new Error('no heartbeat stands in the middle of this log')
  return records.map((one, i) => (i > alive ? withFields(one, { time: one.fields.time + 200_000_000 }) : one))
}
