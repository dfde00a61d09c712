// An auditor gets a bundle: everything of a time is in it and proven, and a program that says so without us. Then somebody
// tampers with it.
import { Buffer } from 'node:buffer'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNATURE_TYPE, verifierKeyOf, writeVerifierKey } from '../../src/audit/note-key.ts'
import { verifyInPython } from '../cross/others.ts'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { runProgram } from '../support/process.ts'
import { at, recordsOf } from '../support/records.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const MAIL = ['jane.doe', 'example.org'].join('@')

let gateway: Gateway
let server: ScriptedServer
let key: string
let file: string
let made: { code: number | null; stdout: string; stderr: string }
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      db: { upstream: { http: { url: server.url } } },
      other: { upstream: { http: { url: server.url } } },
    },
  })
  const alice = await openSession({ gateway })
  await alice.call('query', { sql: 'SELECT 1', note: MAIL })
  const bob = await openSession({ gateway, person: 'bob', connection: 'other' })
  await bob.call('query', { sql: 'SELECT 2' })
  // Ends in good order, with a head over everything.
  await gateway.process().stop()
  const { stdout } = await gateway.command(['audit', 'checkpoint', '--json', '--data', gateway.dataFolder])
  const [head] = JSON.parse(stdout)
  key = head.keys[0]
  file = join(gateway.folder, 'evidence.zip')
  made = await bundle('-o', file)
}, 240_000)
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

function bundle(...more: readonly string[]) {
  return gateway.command(['audit', 'bundle', '--from', '1h', '-c', gateway.configFile, ...more])
}

/** With the program that lies in the bundle, and nothing else of ours. */
function check(bundled: string, ...more: readonly string[]) {
  const program = join(gateway.folder, 'verify.mjs')
  writeFileSync(program, unzipSync(readFileSync(file))['verify.mjs'] ?? '')
  return runProgram({ args: [program, bundled, '--key', key, ...more] })
}

describe('an evidence bundle', () => {
  it('has every record of the time, and is verified by the program in it', async () => {
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/find no value that it hides/) })
    const records = await recordsOf(gateway)
    const checked = await check(file)
    expect(checked.stdout).toMatch(new RegExp(`^Verified: records 0 to ${records.length - 1} of .*, all of them`))
    expect(checked.code).toBe(0)
    const shown = payloadOf(unzipSync(readFileSync(file)))
    const expected = records.flatMap((record) =>
      ['envelope', ...['req', 'res'].filter((name) => at(record, 'body', name) !== undefined)].map(
        (name) => `${String(record['seq'])} ${{ req: 'request', res: 'response' }[name] ?? name}`,
      ),
    )
    expect(shown.map(({ part, seq }) => `${seq} ${part}`)).toEqual(expected)
  })

  it('says what it does not prove, and holds no value that was masked', () => {
    const files = unzipSync(readFileSync(file))
    expect(new TextDecoder().decode(files['REPORT.html'])).toMatch(/What this does not prove[\s\S]*went around it/)
    for (const bytes of Object.values(files)) expect(Buffer.from(bytes).includes(MAIL)).toBe(false)
    expect(new TextDecoder('latin1').decode(files['REPORT.pdf'])).toMatch(/^%PDF-/)
    for (const { bytes } of payloadOf(files)) expect(Buffer.from(bytes, 'base64').includes(MAIL)).toBe(false)
  })

  it('tells an auditor where a value stands that they bring along', async () => {
    expect((await check(file, '--find', 'SELECT 1')).stdout).toMatch(/stands in: \d+ request/)
    expect((await check(file, '--find', MAIL)).stdout).toMatch(/stands nowhere/)
  })

  it('is verified by the command too, which asks for a key and refuses another', async () => {
    const verified = await gateway.command(['audit', 'verify', file, '--key', key])
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Verified: records 0 to /) })
    expect(await gateway.command(['audit', 'verify', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--key KEY'),
    })
    const other = key.replace(/.{8}$/, 'AAAAAAAA')
    expect((await gateway.command(['audit', 'verify', file, '--key', other])).code).not.toBe(0)
  })

  it('shows only what was selected, and proves that the rest is there', async () => {
    const some = join(gateway.folder, 'some.zip')
    expect((await bundle('--connection', 'other', '-o', some)).code).toBe(0)
    const checked = await check(some)
    expect(checked).toMatchObject({ code: 0 })
    const texts = payloadOf(unzipSync(readFileSync(some))).map(({ bytes }) => Buffer.from(bytes, 'base64').toString())
    expect(texts.join('\n')).toContain('SELECT 2')
    expect(texts.join('\n')).not.toContain('SELECT 1')
  })

  it.each<[string, (files: Files) => Files, RegExp]>([
    ['an entry left out', (files) => ({ ...files, 'entries.bin': withoutOne(files['entries.bin']) }), /entries|tree/],
    [
      'an entry altered',
      (files) => ({ ...files, 'entries.bin': flipped(files['entries.bin'], 400) }),
      /signed tree|stands elsewhere/,
    ],
    [
      'a text altered',
      (files) => withPayload(files, (one) => ({ ...one, bytes: base64('{"sql":"SELECT 3"}') })),
      /not what was recorded/,
    ],
    [
      'the salt of another part',
      (files) => withPayload(files, (one, all) => ({ ...one, salt: all.at(-1)?.salt ?? '' })),
      /not what was recorded/,
    ],
    ['a part left out', (files) => withPayload(files, () => undefined), /is missing, and no tombstone covers it/],
    [
      'a head of another size',
      (files) => ({ ...files, 'checkpoints/head.txt': edited(files['checkpoints/head.txt'], /\n\d+\n/, '\n3\n') }),
      /not signed/,
    ],
    [
      'the proof altered',
      (files) => ({ ...files, 'proofs/range.txt': edited(files['proofs/range.txt'], /^(.*\n)\d+/, '$11') }),
      /signed tree/,
    ],
    ['a file added', (files) => ({ ...files, 'payload/999.jsonl': new Uint8Array(0) }), /not in the manifest/],
    [
      'the program altered',
      (files) => ({ ...files, 'verify.mjs': edited(files['verify.mjs'], /RFC/, 'rfc') }),
      /verify\.mjs was changed/,
    ],
  ])('with %s is not verified', async (_, tamper, says) => {
    const files = unzipSync(readFileSync(file))
    const bad = join(gateway.folder, 'bad.zip')
    writeFileSync(bad, zipSync(tamper(files)))
    const checked = await check(bad)
    expect(verifyInPython(bad, '--key', key).code).toBe(1)
    expect(checked.stdout).toMatch(says)
    expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT verified') })
  })

  it('needs the key of the log from elsewhere', async () => {
    const program = join(gateway.folder, 'verify.mjs')
    const checked = await runProgram({ args: [program, file] })
    expect(checked).toMatchObject({ code: 1, stdout: expect.stringMatching(/no --key was given/) })
    const other = key.replace(/\+[0-9a-f]{8}\+/, '+00000000+')
    expect((await runProgram({ args: [program, file, '--key', other] })).stderr).toMatch(/no verifier key/)
    const [name = ''] = key.split('+')
    const { publicKey } = generateKeyPairSync('ed25519')
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
    const strange = writeVerifierKey(verifierKeyOf(name, SIGNATURE_TYPE.ed25519, raw))
    expect((await runProgram({ args: [program, file, '--key', strange] })).stdout).toMatch(/not signed by that key/)
  })
})

describe('a bundle after a person was erased', () => {
  it('proves that the records were there, and by which tombstone their content is gone', async () => {
    const audit = (...args: string[]) => gateway.command(['audit', ...args, '-c', gateway.configFile])
    const asked = await audit('erase', '--subject', 'bob', '--basis', 'GDPR Art. 17', '--request', 'DSR-7')
    const id = /approve ([0-9a-f-]{36})/.exec(asked.stdout)?.[1] ?? ''
    using database = new DatabaseSync(join(gateway.dataFolder, 'control.db'))
    // As another user of the operating system would have asked, of which a test has one only.
    database.prepare('UPDATE audit_erasure SET requester = ? WHERE id = ?').run('os:somebody-else', id)
    expect(await audit('erase', 'approve', id)).toMatchObject({ code: 0 })
    const erased = join(gateway.folder, 'erased.zip')
    expect(await bundle('-o', erased)).toMatchObject({ code: 0 })
    const checked = await check(erased)
    expect(checked.stdout).toMatch(/^Verified: .*[1-9]\d* tombstones/)
    const said = verifyInPython(erased, '--key', key)
    expect(said).toMatchObject({ code: 0, findings: [] })
    const files = unzipSync(readFileSync(erased))
    const texts = payloadOf(files).map(({ bytes }) => Buffer.from(bytes, 'base64').toString())
    expect(texts.join('\n')).toContain('SELECT 1')
    expect(texts.join('\n')).not.toContain('SELECT 2')
    const bad = join(gateway.folder, 'bad.zip')
    const told = JSON.parse(new TextDecoder().decode(files['tombstones.json']))
    const without = new TextEncoder().encode(JSON.stringify({ ...told, tombstones: [] }))
    writeFileSync(bad, zipSync({ ...files, 'tombstones.json': without }))
    expect((await check(bad)).stdout).toMatch(/is missing, and no tombstone covers it/)
    expect(verifyInPython(bad, '--key', key).findings.map(({ code }) => code)).toContain('payload_missing')
  })
})

type Files = Record<string, Uint8Array>
interface Part {
  readonly seq: number
  readonly part: string
  readonly salt: string
  readonly bytes: string
}

function payloadOf(files: Files): Part[] {
  const text = new TextDecoder().decode(files['payload/000.jsonl'])
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** The first request is changed, or left out. */
function withPayload(files: Files, change: (part: Part, all: readonly Part[]) => Part | undefined): Files {
  const all = payloadOf(files)
  const place = all.findIndex(({ part }) => part === 'request')
  const parts = all.flatMap((part, i) => (i === place ? (change(part, all) ?? []) : part))
  return {
    ...files,
    'payload/000.jsonl': new TextEncoder().encode(parts.map((one) => `${JSON.stringify(one)}\n`).join('')),
  }
}

function edited(bytes: Uint8Array | undefined, pattern: RegExp, by: string): Uint8Array {
  return new TextEncoder().encode(new TextDecoder().decode(bytes).replace(pattern, by))
}

function flipped(bytes: Uint8Array | undefined, place: number): Uint8Array {
  const copy = Uint8Array.from(bytes ?? [])
  copy[place] = (copy[place] ?? 0) ^ 1
  return copy
}

/** The last entry has 152 or 184 bytes, with its length before it. */
function withoutOne(bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  let [place, last] = [0, 0]
  while (place < bytes.length)
    [last, place] = [place, place + 2 + (((bytes[place] ?? 0) << 8) | (bytes[place + 1] ?? 0))]
  return bytes.subarray(0, last)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
