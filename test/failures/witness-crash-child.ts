// A witness that dies where the parent says: after it has persisted a head and before it answers.
import { SqliteWitnessHeads } from '../../src/store/sqlite/witness-heads.ts'
import { listenWitness } from '../../src/witness/server.ts'
import { Witness } from '../../src/witness/witness.ts'
import { openIdentity } from '../../src/witness/witness-keys.ts'
import { parseVerifierKey } from '../../src/audit/note-key.ts'

const [folder = '', logKey = '', when = ''] = process.argv.slice(2)
const key = parseVerifierKey(logKey)
if (key === undefined) throw new TypeError('no key')
const { signers } = openIdentity(folder, 'witness.example/w1')
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  // The signal comes at once; nothing may be answered in between.
  for (;;);
}
const heads = new SqliteWitnessHeads(folder)
const witness = new Witness({
  logs: [key],
  signers: when === 'before the answer' ? signers.map((signer) => ({ ...signer, sign: die })) : signers,
  heads:
    when === 'before it is kept'
      ? {
          last: (origin) => heads.last(origin),
          keepEvidence: (evidence) => heads.keepEvidence(evidence),
          advance: (origin, decide) => heads.advance(origin, (last) => (decide(last), die())),
        }
      : heads,
  nowSeconds: () => Math.floor(Date.now() / 1000),
})
const server = await listenWitness({ host: '127.0.0.1', port: 0, witness, onBug: () => undefined })
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
