// An auditor with a trust policy, which names the log of logs and two witnesses, gets a bundle: what a quorum has seen is told
// apart from what it has not.
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCheckpoints, type SignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { writeNote } from '../../src/audit/note.ts'
import { SIGNATURE_TYPE, type SignatureType, writeVerifierKey } from '../../src/audit/note-key.ts'
import { noteSigner } from '../../src/audit/note-signature.ts'
import { toHex } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/audit/hash.ts'
import { keysOf } from '../../src/store/segments/note-keys.ts'
import { findLogOfLogs } from '../../src/store/segments/stream.ts'
import { pythonKnowsMlDsa, verifyInPython } from '../cross/others.ts'
import { DataFolder, entry, openLog, SESSION } from '../failures/audit-support.ts'
import { runProgram } from '../support/process.ts'

const SECONDS = 1_790_000_000
const SAYS_ML_DSA: string = expect.stringContaining('ML-DSA-44')
const one = noteSigner('witness.example/one', SIGNATURE_TYPE.cosignature, generateKeyPairSync('ed25519').privateKey)
const two = noteSigner('witness.example/two', SIGNATURE_TYPE.mlDsa44, generateKeyPairSync('ml-dsa-44').privateKey)

let folder: DataFolder
let last: number
/** Made once both witnesses had seen everything. */
let whole: string
beforeAll(async () => {
  folder = new DataFolder()
  // Two runs, so that heads of the first are older than those of the second.
  for (const calls of [150, 3]) {
    const { log } = await openLog(folder, { limits: { headMs: 50, handInMs: 50 } })
    for (let call = 0; call < calls; call += 1) {
      const intent = await log.append(entry('intent'))
      await log.append(entry('outcome', { of: intent.index, session: SESSION }))
      last = intent.index + 1
    }
    await log.close()
  }
  whole = await bundle('whole', headsOfAll().at(-1))
}, 60_000)
afterAll(() => folder[Symbol.dispose]())

describe('a bundle under a trust policy', () => {
  it('is verified by the key of the log of logs alone, and says up to where two witnesses of two have seen it', async () => {
    for (const type of [SIGNATURE_TYPE.ed25519, SIGNATURE_TYPE.mlDsa44]) {
      const { code, stdout } = await check(whole, policy(type, 'quorum both'), '--require-quorum')
      expect(stdout).toMatch(/^Verified: records 0 to (\d+) of .*\nWitnessed: records 0 to \1, by A, B at 2026-09-/)
      expect(code).toBe(0)
    }
    const said = verifyInPython(whole, '--policy', policy(SIGNATURE_TYPE.ed25519, 'quorum both'), '--require-quorum')
    // One of the witnesses signs with ML-DSA-44 alone.
    expect(said).toMatchObject(
      pythonKnowsMlDsa() ? { code: 0, ok: true, findings: [], unchecked: [] } : { code: 1, unchecked: [SAYS_ML_DSA] },
    )
    expect(said.logs).toMatchObject([{ shown: expect.any(Number), witnessed: expect.any(Number) }])
    const command = [
      'src/cli/main.ts',
      'audit',
      'verify',
      whole,
      '--policy',
      policy(SIGNATURE_TYPE.ed25519, 'quorum A'),
    ]
    expect(await runProgram({ args: command })).toMatchObject({ code: 0, stdout: expect.stringMatching(/by A, B at/) })
  })

  it('says which records came after the head that was seen, and refuses them where a quorum is required', async () => {
    const file = await bundle(
      'older',
      headsOfAll().find(({ size }) => size > 3),
    )
    const trust = policy(SIGNATURE_TYPE.ed25519, 'quorum both')
    const told = await check(file, trust)
    const [, seen = ''] = /^Witnessed: records 0 to (\d+), by A, B.* are not yet\.$/m.exec(told.stdout) ?? []
    expect(Number(seen)).toBeLessThan(last)
    expect(Number(seen)).toBeGreaterThan(0)
    expect(told.code).toBe(0)
    const required = await check(file, trust, '--require-quorum')
    expect(required.stdout).toContain(`FINDING: a quorum of witnesses has not seen records ${Number(seen) + 1} to`)
    expect(required.code).toBe(1)
    const witnessed = pythonKnowsMlDsa() ? Number(seen) + 1 : 0
    expect(verifyInPython(file, '--policy', trust)).toMatchObject({ code: 0, logs: [{ witnessed }] })
    expect(verifyInPython(file, '--policy', trust, '--require-quorum').findings).toMatchObject([
      { code: 'witness_missing' },
    ])
  })

  it('with too few cosignatures is not witnessed, whoever the others are', async () => {
    const file = await bundle('few', headsOfAll().at(-1), [one])
    const trust = policy(SIGNATURE_TYPE.ed25519, 'quorum both')
    expect((await check(file, trust)).stdout).toContain('Not witnessed: no quorum')
    expect((await check(file, trust, '--require-quorum')).code).toBe(1)
    expect((await check(file, policy(SIGNATURE_TYPE.ed25519, 'quorum A'))).stdout).toMatch(/by A at/)
  })

  it.each<[string, string, (text: string) => string, RegExp]>([
    [
      'a cosignature',
      'checkpoints/all.txt',
      (text) => text.replace(/(example\/one .{30})./, '$1!'),
      /cosignature|signed/,
    ],
    ['the head of the log of logs', 'checkpoints/all.txt', (text) => text.replace(/\n\d+\n/, '\n1\n'), /not signed/],
    ['what it says of the log', 'log-of-logs.json', (text) => text.replace(/"bytes":"e/, '"bytes":"f'), /not proven/],
    ['its place', 'proofs/handed-in.tlog-proof', (text) => text.replace(/index \d+/, 'index 1'), /not proven/],
    [
      'how the log has grown',
      'proofs/consistency.txt',
      (text) => `${text}${'A'.repeat(43)}=\n`,
      /is not the one whose/,
    ],
  ])('is refused where somebody altered %s', async (_, name, change, says) => {
    const files = unzipSync(readFileSync(whole))
    const before = new TextDecoder().decode(files[name])
    expect(change(before)).not.toBe(before)
    const bytes = new TextEncoder().encode(change(before))
    const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json']))
    manifest.files[name] = toHex(sha256(bytes))
    const written = { ...files, [name]: bytes, 'manifest.json': new TextEncoder().encode(JSON.stringify(manifest)) }
    const file = join(folder.path, 'altered.zip')
    writeFileSync(file, zipSync(written))
    const { code, stdout } = await check(file, policy(SIGNATURE_TYPE.ed25519, 'quorum both'))
    expect(stdout).toMatch(says)
    expect(code).toBe(1)
    expect(verifyInPython(file, '--policy', policy(SIGNATURE_TYPE.ed25519, 'quorum both')).code).toBe(1)
  })

  it.each([
    [
      'a key that is none',
      'log x+00000000+AAAA\nquorum none\n',
      /Line 1 of the trust policy: the key is no verifier key/,
    ],
    ['no quorum', '# nothing\n', /no quorum line/],
    ['a member that nobody defined', 'quorum w\n', /Line 1 of the trust policy/],
    ['a word of its own', 'wittness\n', /no line of a policy/],
  ])('says what is wrong with a policy that has %s', async (_, text, says) => {
    const path = join(folder.path, 'wrong.policy')
    writeFileSync(path, text)
    const { code, stderr } = await check(whole, path)
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
  })
})

function allFolder(): string {
  return dirname(findLogOfLogs(folder.path)?.folder ?? '')
}

/** Those that the log of logs has published. */
function headsOfAll(): readonly SignedCheckpoint[] {
  return parseCheckpoints(readFileSync(join(allFolder(), 'checkpoints'), 'utf8')).heads.flatMap(
    ({ head }) => head ?? [],
  )
}

/** A bundle made after these witnesses had cosigned that head. */
async function bundle(name: string, head: SignedCheckpoint | undefined, by = [one, two]): Promise<string> {
  const witnessed = join(allFolder(), 'witnessed')
  rmSync(witnessed, { force: true })
  const { note } = head ?? {}
  if (note === undefined) throw new Error('there is a head')
  const cosignatures = by.map((witness) => witness.sign(note.text, SECONDS))
  appendFileSync(witnessed, writeNote({ ...note, signatures: [...note.signatures, ...cosignatures] }))
  const file = join(folder.path, `${name}.zip`)
  const args = ['src/cli/main.ts', 'audit', 'bundle', '--from', '1h', '--data', folder.path, '-o', file]
  const made = await runProgram({ args })
  if (made.code !== 0) throw new Error(made.stderr + made.stdout)
  return file
}

/** Names the log of logs, by one of its keys, and two witnesses. */
function policy(type: SignatureType, quorum: string): string {
  const all = findLogOfLogs(folder.path)
  const key = all && keysOf(folder.path, all.origin).find((found) => found.type === type)
  if (key === undefined) throw new Error('there is a log of logs')
  const path = join(folder.path, 'trust.policy')
  const witnesses = `witness A ${writeVerifierKey(one.key)}\nwitness B ${writeVerifierKey(two.key)}\n`
  writeFileSync(path, `log ${writeVerifierKey(key)}\n${witnesses}group both all A B\n${quorum}\n`)
  return path
}

/** With the program that lies in the bundle. */
function check(file: string, trust: string, ...more: readonly string[]) {
  const program = join(folder.path, 'verify.mjs')
  writeFileSync(program, unzipSync(readFileSync(file))['verify.mjs'] ?? '')
  return runProgram({ args: [program, file, '--policy', trust, ...more] })
}
