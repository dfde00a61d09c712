// Somebody has the machine, the files and the key of the log, and rewrites it. What was cosigned cannot be rewritten without
// being found; what is newer can, and this page shows both (docs/witness.md).
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { parseNote, writeNote } from '../../src/audit/note.ts'
import { judgeHead } from '../../src/audit/trusted-head.ts'
import { parseTrustPolicy } from '../../src/audit/trust-policy.ts'
import { verifyConsistency } from '../../src/audit/proof.ts'
import { WitnessRounds } from '../../src/witness/witness-round.ts'
import { LogInMemory } from '../support/log-in-memory.ts'
import { startWitness } from '../support/witness.ts'

describe('a thief with the key of the log', () => {
  it('cannot rewrite what is older than the last cosigned head: the witness refuses, and the head that is kept says so', async () => {
    await using world = await setUp()
    await world.witnessNow()
    const rewritten = world.log.fork(2, 'nothing happened', 'nothing either', 'later')
    expect((await world.ask(rewritten)).trouble).toMatchObject([{ kind: 'fork' }])
    // Signed well, and witnessed by nobody.
    expect(judgeHead(headOf(rewritten), world.policy)).toMatchObject({ signed: true, quorum: false })
    // The cosigned head is of another history: there is no proof that leads from it to this one.
    const [kept] = world.kept.map((note) => parseSignedCheckpoint(note) as SignedCheckpoint)
    const { root, size } = headOf(rewritten)
    const proof = rewritten.proof(kept?.size ?? 0, size)
    const oldRoot = kept?.root ?? new Uint8Array()
    expect(verifyConsistency({ oldSize: kept?.size ?? 0, oldRoot, size, root, proof })).toBe(false)
  })

  it('cannot take cosignatures over to another head', async () => {
    await using world = await setUp()
    await world.witnessNow()
    const rewritten = world.log.fork(2, 'nothing happened', 'nothing either')
    const cosigned = parseNote(world.kept[0] ?? '')?.signatures ?? []
    const { note } = headOf(rewritten)
    const forged = parseSignedCheckpoint(writeNote({ text: note.text, signatures: [...note.signatures, ...cosigned] }))
    expect(judgeHead(forged as SignedCheckpoint, world.policy)).toMatchObject({ quorum: false, cosigned: [] })
  })

  it('can rewrite what is newer than the last cosigned head, and NOBODY sees it: this is the window', async () => {
    await using world = await setUp()
    await world.witnessNow()
    world.log.append('a theft')
    const rewritten = world.log.fork(4, 'a harmless call')
    const round = await world.ask(rewritten)
    expect(round).toMatchObject({ quorum: true, trouble: [] })
    expect(judgeHead(parseSignedCheckpoint(world.kept[1] ?? '') as SignedCheckpoint, world.policy)).toMatchObject({
      signed: true,
      quorum: true,
      wrong: [],
    })
    // From here on it is the true history that is refused.
    expect((await world.ask(world.log)).trouble).toMatchObject([{ kind: 'fork' }])
  })

  it('without a witness can rewrite everything, unless somebody kept a head', async () => {
    await using world = await setUp()
    const rewritten = world.log.fork(0, 'all', 'is', 'new', 'here')
    const alone = policyOf([world.log.policyLine, 'quorum none'])
    expect(judgeHead(headOf(rewritten), alone)).toMatchObject({ signed: true, quorum: true })
    const kept = headOf(world.log)
    const { root, size } = headOf(rewritten)
    expect(verifyConsistency({ oldSize: kept.size, oldRoot: kept.root, size, root, proof: [] })).toBe(false)
  })
})

async function setUp() {
  const log = new LogInMemory().append('one', 'two', 'three', 'four')
  const witness = await startWitness('w', [log.signer.key])
  const policy = policyOf([log.policyLine, witness.line, 'quorum w'])
  const kept: string[] = []
  const ask = (asked: LogInMemory) => {
    const source = {
      newest: () => headOf(asked),
      proof: (oldSize: number, size: number) => asked.proof(oldSize, size),
      keys: [asked.signer.key],
      keep: async (note: string) => void kept.push(note),
    }
    return new WitnessRounds(source, policy).ask(headOf(asked))
  }
  return {
    log,
    policy,
    kept,
    ask,
    witnessNow: async () => expect((await ask(log)).quorum).toBe(true),
    [Symbol.asyncDispose]: () => witness[Symbol.asyncDispose](),
  }
}

function headOf(log: LogInMemory): SignedCheckpoint {
  return parseSignedCheckpoint(log.note()) as SignedCheckpoint
}

function policyOf(lines: readonly string[]) {
  const read = parseTrustPolicy(encodeUtf8(`${lines.join('\n')}\n`))
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes))
  return read.policy
}
