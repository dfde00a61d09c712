import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { isObject, parseJson } from '../../src/base/json.ts'
import { Receipt } from '../../src/audit/log.ts'
import type { StoredRecord } from '../../src/audit/stored.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { DataFolder, entry, openLog, SESSION } from './audit-support.ts'

describe('the log', () => {
  it('begins by saying who writes it, with which key, and what class 1 promises', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    await log.close()
    const [opened, defined, closed] = await all(folder)
    expect([opened, defined, closed].map((record) => record?.entry.kind)).toEqual([
      'log.open',
      'log.class',
      'log.close',
    ])
    const origin = readFileSync(join(folder.path, 'audit', 'origin'), 'utf8').trim()
    expect(envelopeOf(opened)).toMatchObject({
      log: { origin, leaf: 'record', keys: [expect.stringContaining(`${origin}+`)] },
    })
    expect(envelopeOf(defined)).toMatchObject({ class: { n: 1, name: 'standard' } })
    const key = join(folder.path, 'keys', `note-${origin.split('/')[2]}.pem`)
    expect(statSync(key).mode & 0o777).toBe(0o600)
  })

  it('hands out receipts in the order of the records, of the kind that was asked for', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    const order: number[] = []
    const receipts = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        log.append(entry(i % 2 === 0 ? 'intent' : 'refused')).then((receipt) => {
          order.push(receipt.index)
          return receipt
        }),
      ),
    )
    await log.close()
    expect(order).toEqual(receipts.map(({ index }) => index))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    const kinds = new Map((await all(folder)).map(({ entry: { kind }, seq }) => [seq, kind]))
    expect(receipts.every(({ index, kind }) => kinds.get(index) === kind)).toBe(true)
    for (const [i, receipt] of receipts.entries()) {
      Receipt.check(receipt)
      expect(receipt.kind).toBe(i % 2 === 0 ? 'intent' : 'refused')
    }
    expect(log.stats).toMatchObject({ records: 500, queueBytes: 0 })
    expect(log.stats.commits).toBeLessThan(500)
  })

  it('chains the records of a session, across segments and a restart, until the session ends', async () => {
    using folder = new DataFolder()
    const other = `ses_${'aa'.repeat(16)}` as const
    const first = await openLog(folder)
    for (let i = 0; i < 20; i++) await first.log.append(entry('refused', { body: 'x'.repeat(10_000) }))
    await first.log.append(entry('refused', { session: other }))
    await first.log.close()
    const second = await openLog(folder)
    await second.log.append(entry('refused'))
    await second.log.append(entry('session.end'))
    await second.log.append(entry('refused'))
    await second.log.close()
    const records = (await all(folder)).filter(
      ({ entry: { session } }) => session && `ses_${toHex(session)}` === SESSION,
    )
    const chained = records.map(
      ({ entry: { prev } }, i) =>
        prev !== undefined && toHex(prev) === toHex(records[i - 1]?.leaf ?? new Uint8Array(0)),
    )
    expect(chained).toEqual([false, ...Array.from({ length: 21 }, () => true), false])
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('gives each part a salt of its own, so that equal bodies do not look equal', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    await log.append(entry('refused'))
    await log.append(entry('refused'))
    await log.close()
    const refused = (await all(folder)).filter(({ entry: { kind } }) => kind === 'refused')
    const commitments = refused.map(({ entry: { request } }) => toHex(request ?? new Uint8Array(0)))
    expect(new Set(commitments).size).toBe(2)
  })

  it('names the policy in force in each record', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    await log.append(entry('refused'))
    log.setEpoch(new Uint8Array(16).fill(7))
    await log.append(entry('refused'))
    await log.close()
    const epochs = (await all(folder)).map(({ entry: { policyEpoch } }) => policyEpoch[0])
    expect(epochs).toEqual([0xe0, 0xe0, 0xe0, 7, 0xe0])
  })

  it('records empty and large bodies, and refuses one that no segment can hold', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    await log.append(entry('refused', { body: '' }))
    await log.append(entry('refused', { body: 'x'.repeat(55_000) }))
    await expect(log.append(entry('refused', { body: 'x'.repeat(64 * 1024) }))).rejects.toMatchObject({
      code: 'log_unavailable',
    })
    await log.append(entry('refused'))
    await log.close()
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('takes nothing after it was closed', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    const pending = log.append(entry('refused'))
    await Promise.all([log.close(), log.close()])
    await expect(pending).resolves.toMatchObject({ kind: 'refused' })
    await expect(log.append(entry('refused'))).rejects.toMatchObject({ code: 'log_unavailable' })
    expect(log.state.kind).toBe('closed')
  })

  it('tells of each change of its state', async () => {
    using folder = new DataFolder()
    const { disk, log } = await openLog(folder)
    const seen: string[] = []
    log.onState(({ kind }) => seen.push(kind))
    disk.set('syncLost', { times: 1 })
    await expect(log.append(entry('refused'))).rejects.toThrow('could not be written')
    while (log.state.kind !== 'ready') await new Promise((resolve) => setTimeout(resolve, 5))
    await log.close()
    expect(seen).toEqual(['broken', 'ready', 'closed'])
  })
})

async function all(folder: DataFolder): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const record of readRecords({ folder: folder.path })) records.push(record)
  return records
}

function envelopeOf(record: StoredRecord | undefined) {
  const envelope = parseJson(record?.parts.envelope?.bytes ?? '{}')
  return isObject(envelope) ? envelope : {}
}
