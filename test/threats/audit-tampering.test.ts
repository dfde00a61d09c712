// Somebody changes a log, with or without its keys. Each change must be found by `audit verify`, with the code that says what it
// is; the one that cannot be found is shown as well (docs/audit.md, what may be claimed).
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeNote } from '../../src/audit/note.ts'
import type { Finding } from '../../src/audit/verify.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { type Forged, recordsOf, rewrite } from './audit-forger.ts'
import {
  sharedTamperingLog,
  tampered,
  codesOf,
  findingsOf,
  streamOf,
  removeLogOfLogs,
  headsOf,
  keptHead,
  policyOf,
  at,
  withFields,
  renamed,
  changeBody,
} from './audit-tampering-support.ts'

const original = sharedTamperingLog()

describe('a log that nobody touched', () => {
  it('gives no finding, whatever a checker brings along', () => {
    const head = keptHead(original.path)
    for (const trust of [{}, { heads: [head] }, { policy: policyOf(original.path) }])
      expect(verifyFolder(original.path, undefined, trust)).toMatchObject({ ok: true, findings: [], warnings: [] })
  })
})

describe('a bit that is flipped', () => {
  it('in any tile, bundle or file of heads is found', () => {
    using copy = original.copy()
    const stream = streamOf(copy.path)
    const folder = dirname(stream.folder)
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('wal'))
    const found = names.map((name) => join(folder, name)).filter((file) => statSync(file).isFile())
    // Of the many partial tiles of older heads some; all the others.
    const partial = found.filter((file) => file.includes('.p/'))
    const files = found.filter((file) => !partial.slice(6).includes(file))
    expect(files.length).toBeGreaterThan(6)
    for (const file of files) {
      const bytes = readFileSync(file)
      // Places of every kind: lengths, kinds, hashes, names, signatures.
      const step = Math.max(1, Math.floor(bytes.length / 17))
      for (let place = 0; place < bytes.length; place += step) {
        writeFileSync(
          file,
          bytes.map((byte, i) => (i === place ? byte ^ (1 << (place % 8)) : byte)),
        )
        expect(findingsOf(stream), `${file}, byte ${place}`).not.toEqual([])
      }
      writeFileSync(file, bytes)
    }
    expect(findingsOf(stream)).toEqual([])
  })
})

describe('records that are changed, with everything but the heads made right again', () => {
  it.each<[string, (records: Forged[]) => Forged[]]>([
    ['one is removed', (records) => records.toSpliced(20, 1)],
    ['one is inserted', (records) => records.toSpliced(20, 0, at(records, 30))],
    ['one is doubled', (records) => records.toSpliced(20, 0, at(records, 20))],
    ['two are swapped', (records) => records.toSpliced(20, 2, at(records, 21), at(records, 20))],
    ['a session is renamed', (records) => records.map(renamed)],
    ['a time is moved', (records) => records.with(20, withFields(at(records, 20), { time: 1_700_000_000_000_000 }))],
    ['a body is another', (records) => changeBody(21)(records)],
    ['the last one is gone', (records) => records.slice(0, -1)],
  ])('%s: found', (_, change) => {
    using copy = original.copy()
    const codes = tampered(copy, change, { heads: 'keep' })
    expect(codes.some((code) => ['head_conflict', 'rolled_back'].includes(code))).toBe(true)
  })

  it.each<[string, Finding['code'], (own: Forged['parts'], other: Forged['parts']) => Forged['parts']]>([
    ['a body is that of another record', 'payload_altered', (_, { request }) => ({ request })],
    ['an envelope is that of another record', 'payload_altered', (_, { envelope }) => ({ envelope })],
    [
      'a request is presented as a response',
      'payload_missing',
      ({ request }) => ({ request: undefined, response: request }),
    ],
    [
      'a salt is another',
      'payload_altered',
      ({ request }) => ({ request: request && { ...request, salt: new Uint8Array(32) } }),
    ],
    ['a body is left out', 'payload_missing', () => ({ request: undefined })],
  ])('%s: %s', (_, code, change) => {
    using copy = original.copy()
    const swap = (records: Forged[]): Forged[] => {
      const [own = 0, other = 0] = records.flatMap(({ parts }, i) => (parts.request === undefined ? [] : i)).slice(9)
      const record = at(records, own)
      const parts = { ...record.parts, ...change(record.parts, at(records, other).parts) }
      return records.with(own, { ...record, parts })
    }
    expect(tampered(copy, swap, { heads: 'keep', renumber: false })).toEqual([code])
  })
})

describe('a tail that is cut off', () => {
  it('is found by the heads that say more', () => {
    using copy = original.copy()
    expect(tampered(copy, (records) => records.slice(0, 100), { heads: 'keep' })).toContain('rolled_back')
  })

  it('with an old head put in its place is found by the log of logs, and by whoever kept a head', () => {
    using copy = original.copy()
    const stream = streamOf(copy.path)
    const [old] = headsOf(stream).filter(({ size }) => size > 0)
    if (old === undefined) throw new Error('there are heads')
    rewrite(copy.path, stream, recordsOf(stream).slice(0, old.size), { heads: 'keep' })
    const note = writeNote(old.note)
    for (const file of ['checkpoints', 'checkpoint']) writeFileSync(join(dirname(stream.folder), file), note)
    expect(codesOf(copy.path)).toContain('rolled_back')
    // Without the log of logs nothing here knows better, but a kept head does.
    removeLogOfLogs(copy.path)
    expect(codesOf(copy.path)).toEqual([])
    expect(codesOf(copy.path, { heads: [keptHead(original.path)] })).toContain('rolled_back')
  })
})
