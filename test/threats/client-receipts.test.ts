// A log that leaves a record out, by whoever has all of its files and keys, and a client that holds a receipt for it.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { isReceiptOf, parseClientReceipt, type ReceiptMode } from '../../src/audit/client-receipt.ts'
import { keysOf, writtenKeys } from '../../src/store/segments/note-keys.ts'
import { entry, openLog, SESSION, until } from '../failures/audit-support.ts'
import { runProgram } from '../support/process.ts'
import { codesOf, rewriteAll, sharedLog, streamOf } from './audit-tampering-support.ts'

const CALLS = 20
/** A client asks for a receipt of each reply; every other one is signed with its whole commit. */
const MODES: readonly ReceiptMode[] = ['record', 'commit']

const receipts: string[] = []
const original = sharedLog(async (folder) => {
  const { log } = await openLog(folder, { limits: { headMs: 100, handInMs: 200 } })
  const calls = Array.from({ length: CALLS }, async (_, call) => {
    const intent = await log.append(entry('intent'))
    if (intent.clientReceipt !== undefined) receipts.push('nobody asked for this one')
    const outcome = entry('outcome', { of: intent.index, session: SESSION })
    const { clientReceipt } = await log.append({ ...outcome, clientReceipt: MODES[call % 2] })
    if (clientReceipt !== undefined) receipts.push(clientReceipt)
  })
  await Promise.all(calls)
  await until(() => log.stats.signedSize > 2 * CALLS)
  await log.close()
})

describe('a client that holds a receipt', () => {
  it('of a record that is there finds it, whichever form the receipt has', async () => {
    expect(receipts).toHaveLength(CALLS)
    const keys = keysOf(original.path, streamOf(original.path).origin)
    for (const text of receipts) {
      const receipt = parseClientReceipt(text)
      expect(receipt && isReceiptOf(receipt, keys)).toBe(true)
    }
    for (const text of receipts.slice(0, 2)) expect((await check(original.path, text)).code).toBe(0)
  })

  it('finds it in an evidence bundle too, which is verified first', async () => {
    using copy = original.copy()
    const [file, bundle] = [join(copy.path, 'receipt.json'), join(copy.path, 'bundle.zip')]
    writeFileSync(file, receipts[0] ?? '')
    expect((await audit('bundle', '--from', '1h', '--data', copy.path, '-o', bundle)).code).toBe(0)
    const [key = ''] = writtenKeys(keysOf(copy.path, streamOf(copy.path).origin))
    const { code, stdout } = await audit('receipt', file, bundle, '--key', key)
    expect(stdout).toMatch(/^Verified: [^]*The record is in the log\./)
    expect(code).toBe(0)
  })

  it('of a record that was left out has a proof of misbehaviour, though the log itself verifies', async () => {
    using copy = original.copy()
    const [text = ''] = receipts
    rewriteAll(copy.path, 0, (records) =>
      records.filter(({ fields }) => fields.kind !== 'outcome' || fields.seq !== seqOf(text)),
    )
    // Its intent lacks an outcome: whoever leaves out both leaves nothing behind, and so does this one.
    using quiet = original.copy()
    rewriteAll(quiet.path, 0, (records) => records.filter(({ fields }) => !CALL_KINDS.includes(fields.kind)))
    expect(codesOf(quiet.path)).toEqual([])
    for (const { path } of [copy, quiet]) {
      const { code, stdout } = await check(path, text)
      expect(stdout).toContain('The log BROKE ITS WORD')
      expect(code).toBe(1)
    }
  })

  it('of a record behind the end of the log has one too', async () => {
    using copy = original.copy()
    const text = receipts.at(-1) ?? ''
    rewriteAll(copy.path, 0, (records) => records.filter(({ fields }) => fields.seq < 3))
    const { code, stdout } = await check(copy.path, text)
    expect(stdout).toContain('BROKE ITS WORD: it signed this receipt, and the record is not in it')
    expect(stdout).toContain('The log ends after')
    expect(code).toBe(1)
  })

  it('cannot accuse a log of what it did not sign', async () => {
    const [text = '', other = ''] = receipts
    const claims = [
      { ...JSON.parse(text), seq: seqOf(text) + 1 },
      { ...JSON.parse(text), leaf: JSON.parse(other).leaf },
      { ...JSON.parse(other), seq: seqOf(other) ^ 1 },
    ]
    for (const claim of claims) {
      const { code, stdout } = await check(original.path, JSON.stringify(claim))
      expect(stdout).toContain('This is no receipt of the log.')
      expect(code).toBe(1)
    }
  })

  it('cannot present it as a head, and a head is no receipt', async () => {
    const [text = ''] = receipts
    const receipt = parseClientReceipt(text)
    expect(receipt).toBeDefined()
    const head = readFileSync(join(dirname(streamOf(original.path).folder), 'checkpoint'), 'utf8')
    expect(parseSignedCheckpoint(head)).toBeDefined()
    expect(parseSignedCheckpoint(text)).toBeUndefined()
    expect(parseClientReceipt(head)).toBeUndefined()
  })
})

const CALL_KINDS: readonly string[] = ['intent', 'outcome']

function audit(...args: readonly string[]) {
  return runProgram({ args: ['src/cli/main.ts', 'audit', ...args] })
}

function seqOf(receipt: string): number {
  return JSON.parse(receipt).seq
}

async function check(dataFolder: string, receipt: string) {
  const file = join(dataFolder, 'receipt.json')
  writeFileSync(file, receipt)
  return audit('receipt', file, dataFolder)
}
