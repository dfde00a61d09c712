// The same theft as in stolen-key.test.ts, on real folders: the thief copies the data folder with its keys, goes on with a story
// of their own by the gateway's own writer, and hands the copy to an auditor.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import type { SignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { SIGNATURE_TYPE, writeVerifierKey } from '../../src/audit/note-key.ts'
import { parseTrustPolicy } from '../../src/audit/trust-policy.ts'
import { openSegmentLog } from '../../src/store/segments/segment-log.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { headsIn } from '../../src/store/segments/verify-stream.ts'
import { witnessedFolder } from '../../src/store/segments/witnessed-folder.ts'
import { WitnessRounds } from '../../src/witness/witness-round.ts'
import { entry, EPOCH } from '../failures/audit-support.ts'
import { startWitness } from '../support/witness.ts'

describe('a thief with a copy of the data folder and its keys', () => {
  it('who rewrites what was cosigned is found: the witness says fork, and the cosigned head does not fit', async () => {
    await using world = await setUp()
    world.copy('honest', 'stolen')
    await world.goOn('honest', 'what really happened')
    expect(await world.witness('honest')).toMatchObject({ quorum: true, trouble: [] })
    await world.goOn('stolen', 'what the thief says', 'and more of it', 'and more')
    expect((await world.witness('stolen')).trouble.map(({ kind }) => kind)).toEqual(['fork'])
    // The copy is well made: without anything kept, it verifies.
    expect(world.verify('stolen')).toMatchObject({ ok: true })
    // An auditor who has one head that the witness cosigned sees it.
    const heads = headsIn(join(witnessedFolder(world.path('honest')).path, 'witnessed'))
    const found = world.verify('stolen', heads)
    expect(found.ok).toBe(false)
    expect(found.findings.map(({ code }) => code)).toContain('head_conflict')
    expect(world.verify('honest', heads)).toMatchObject({ ok: true, findings: [] })
    // And one who has nothing but the policy asks for a quorum.
    expect(world.verify('stolen', [], true).ok).toBe(false)
  })

  it('who puts an old copy in place of the log is found by a head that is longer', async () => {
    await using world = await setUp()
    world.copy('honest', 'old')
    await world.goOn('honest', 'what really happened')
    await world.witness('honest')
    const heads = headsIn(join(witnessedFolder(world.path('honest')).path, 'witnessed'))
    expect(world.verify('old', heads).findings.map(({ code }) => code)).toContain('rolled_back')
  })

  it('who rewrites only what is newer than the last cosigned head is NOT found, and it is the true log that is refused', async () => {
    await using world = await setUp()
    await world.witness('honest')
    world.copy('honest', 'stolen')
    await world.goOn('honest', 'what really happened')
    await world.goOn('stolen', 'what the thief says')
    expect(await world.witness('stolen')).toMatchObject({ quorum: true, trouble: [] })
    const heads = headsIn(join(witnessedFolder(world.path('stolen')).path, 'witnessed'))
    expect(world.verify('stolen', heads, true)).toMatchObject({ ok: true, findings: [] })
    expect((await world.witness('honest')).trouble.map(({ kind }) => kind)).toEqual(['fork'])
  })
})

function onFatal(failure: Error): never {
  throw failure
}

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-stolen-'))
  const path = (name: string) => join(folder, name)
  const goOn = async (name: string, ...bodies: readonly string[]) => {
    await using log = await openSegmentLog({ folder: path(name), policyEpoch: EPOCH, segmentBytes: 65_536, onFatal })
    for (const body of bodies) {
      const intent = await log.append(entry('intent', { body }))
      await log.append(entry('outcome', { of: intent.index, body }))
    }
  }
  await goOn('honest', 'first', 'second')
  const { keys } = witnessedFolder(path('honest'))
  const asked = await startWitness('w', keys)
  const logs = keys.filter(({ type }) => type === SIGNATURE_TYPE.ed25519).map((key) => `log ${writeVerifierKey(key)}\n`)
  const text = `${logs.join('')}${asked.line}\nquorum w\n`
  writeFileSync(path('policy'), text)
  const read = parseTrustPolicy(encodeUtf8(text))
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes))
  const { policy } = read
  return {
    path,
    goOn,
    copy: (from: string, to: string) => cpSync(path(from), path(to), { recursive: true }),
    witness: (name: string) => {
      const log = witnessedFolder(path(name))
      return new WitnessRounds(log, policy).ask(log.newest() as SignedCheckpoint)
    },
    verify: (name: string, heads: ReturnType<typeof headsIn> = [], requireQuorum = false) =>
      verifyFolder(path(name), undefined, { policy, heads, requireQuorum }),
    [Symbol.asyncDispose]: async () => {
      await asked[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
