// A gateway and an auditor: the auditor runs a witness with the binary, the gateway hands it the heads of its log, and what
// the auditor then holds cannot be rewritten.
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { callModern } from '../support/mcp-client.ts'
import { type Program, startProgram } from '../support/process.ts'
import { at, ofKind, type Recorded } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'
import { startObjectStore } from '../support/object-store.ts'
import { startAuthority } from '../support/time-stamp-authority.ts'
import { parseCheckpoints } from '../../src/audit/checkpoint.ts'
import { parseJson } from '../../src/base/json.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { findLogOfLogs } from '../../src/store/segments/stream.ts'

let server: ScriptedServer
let gateway: Gateway
let witness: Program
let folder: string
let policy: string
let authority: Awaited<ReturnType<typeof startAuthority>>
let store: Awaited<ReturnType<typeof startObjectStore>>
const STORE_KEY = 'testkey'
const STORE_SECRET = randomBytes(30).toString('base64')

/** From nothing to a witnessed log, as docs/witness.md says. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-story-'))
  policy = join(folder, 'trust.policy')
  authority = await startAuthority()
  store = await startObjectStore({ [STORE_KEY]: STORE_SECRET })
  server = await startScriptedServer()
  gateway = await startGateway({ connections: { db: { upstream: { http: { url: server.url } } } } })
  const printed = await gateway.command(['audit', 'checkpoint', '--policy', '--data', gateway.dataFolder])
  await writeFile(policy, printed.stdout)
  const args = ['src/cli/main.ts', 'witness', '--folder', join(folder, 'witness'), '--policy', policy]
  witness = await startProgram({ args: [...args, '--name', 'auditor.example/w1', '--listen', '127.0.0.1:0', '--json'] })
  const { keys, url } = witness.ready
  const line = `witness auditor ${String(at(keys, 'ed25519'))} ${String(url)}`
  await writeFile(policy, printed.stdout.replace('quorum none', `${line}\nquorum auditor`))
  const config: Record<string, unknown> = parse(await readFile(gateway.configFile, 'utf8'))
  const anchors = [
    { kind: 'file', path: join(folder, 'heads'), every: '1s' },
    { kind: 'rfc3161', url: authority.url, ca: authority.rootFile, every: '1s' },
    {
      kind: 'object-lock',
      endpoint: store.endpoint,
      region: store.region,
      bucket: 'heads',
      access_key_id: 'file:heads.id',
      secret_access_key: 'file:heads.secret',
      every: '1s',
    },
  ]
  await writeFile(join(dirname(gateway.configFile), 'heads.id'), STORE_KEY)
  await writeFile(join(dirname(gateway.configFile), 'heads.secret'), STORE_SECRET)
  const audit = { witnesses: { policy, every: '1s', at_most: '2s' }, anchors }
  await writeFile(gateway.configFile, stringify({ ...config, audit }))
  await gateway.restart()
})

afterAll(async () => {
  await gateway?.stop()
  await witness?.stop()
  await server?.[Symbol.asyncDispose]()
  await authority?.[Symbol.asyncDispose]()
  await store?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe('an auditor who runs a witness', () => {
  it('is handed the head of the log while calls go on, and the log says who cosigned it', async () => {
    expect((await callModern({ gateway })).status).toBe(200)
    const witnessed = await eventually(async () => {
      const found = ofKind(await recordsIn(gateway.dataFolder), 'log.witnessed').filter(
        (one) => at(one, 'log', 'by') !== undefined,
      )
      return found[0]
    })
    expect(at(witnessed, 'log', 'by')).toMatchObject([{ witness: 'auditor' }])
    const shown = await gateway.command(['audit', 'checkpoint', '-c', gateway.configFile])
    expect(shown.stdout).toMatch(/Last witnessed \d+ s ago, by 1 of 1 \(auditor\), with \d+ records\./)
    expect(shown.stdout).toMatch(/signed by key [0-9a-f]{8}, ML-DSA-44, at 20/)
    expect(shown.stdout).toMatch(/at \d+ records cosigned by \S+/)
    // For people: what is long is elsewhere.
    expect(Math.max(...shown.stdout.split('\n').map(({ length }) => length))).toBeLessThan(200)
    const notes = await gateway.command(['audit', 'checkpoint', '--note', '--data', gateway.dataFolder])
    expect(parseCheckpoints(notes.stdout).heads.map(({ head }) => head?.origin.includes('/all/'))).toEqual([
      false,
      true,
    ])
  })

  it('finds the head in the file and under the time stamp as well', async () => {
    await eventually(async () => (await text(join(folder, 'heads')))?.includes('/all/'))
    const anchored = await eventually(async () =>
      ofKind(await recordsIn(gateway.dataFolder), 'log.witnessed').find(
        (one) => at(one, 'log', 'anchor', 'kind') === 'rfc3161',
      ),
    )
    const path = join(streamFolder(), 'tsa', String(at(anchored, 'log', 'size')))
    const checked = authority.verify(`${path}.tsr`, `${path}.txt`)
    expect(checked.stdout + checked.stderr).toContain('Verification: OK')
  })

  it('finds it in object storage too, locked, and the log verifies against it', async () => {
    const [key, stored] = await eventually(async () => [...store.objects].at(-1))
    expect(key).toMatch(/^\/heads\/\S+\/all\/\S+\/checkpoint\/\d{16}$/)
    expect(stored.headers['x-amz-object-lock-mode']).toBe('COMPLIANCE')
    const kept = join(folder, 'kept-head')
    await writeFile(kept, stored.body)
    const { code, stdout } = await gateway.command(['audit', 'verify', '--head', kept, '-c', gateway.configFile])
    expect([code, stdout]).toEqual([0, expect.stringContaining('Verified')])
    expect(store.refusals).toEqual([])
  })

  it('loses nothing when the witness is away, and an alert says that nobody cosigns', async () => {
    await witness.stop()
    expect((await callModern({ gateway })).status).toBe(200)
    const alert = await eventually(async () =>
      ofKind(await recordsIn(gateway.dataFolder), 'alert').find((one) => at(one, 'alert', 'detector') === 'witness'),
    )
    expect(alert).toMatchObject({ alert: { severity: 'high', why: '0 of 1 answered' } })
    witness = await startWitnessAgain()
    await eventually(async () =>
      ofKind(await recordsIn(gateway.dataFolder), 'alert').find((one) => at(one, 'alert', 'severity') === 'info'),
    )
  })

  it('sees an old copy of the data folder at once: such a gateway does not start', async () => {
    await gateway.process().stop()
    const before = sizeIn(await text(join(streamFolder(), 'checkpoint')))
    await cp(gateway.dataFolder, join(folder, 'copy'), { recursive: true })
    await gateway.restart()
    await callModern({ gateway })
    await eventually(async () => (sizeIn(await text(join(streamFolder(), 'witnessed'))) > before ? true : undefined))
    await gateway.process().stop()
    await rm(gateway.dataFolder, { recursive: true })
    await cp(join(folder, 'copy'), gateway.dataFolder, { recursive: true })
    await expect(gateway.restart()).rejects.toThrow(/was rolled back: a witness holds a head of it with \d+ records/)
  })
})

async function startWitnessAgain(): Promise<Program> {
  const listen = new URL(String(witness.ready['url'])).host
  const args = [
    'src/cli/main.ts',
    'witness',
    '--folder',
    join(folder, 'witness'),
    '--policy',
    policy,
    '--listen',
    listen,
  ]
  return startProgram({ args: [...args, '--json'] })
}

function streamFolder(): string {
  return dirname(findLogOfLogs(gateway.dataFolder)?.folder ?? '')
}

/** Of the last head in a file. */
function sizeIn(heads = ''): number {
  return Number([...heads.matchAll(/\/all\/\w+\n(\d+)\n/g)].at(-1)?.[1] ?? 0)
}

/** In this process: a command for each look would take a second. */
async function recordsIn(dataFolder: string): Promise<readonly Recorded[]> {
  const records: Recorded[] = []
  for await (const { parts } of readRecords({ folder: dataFolder }))
    if (parts.envelope !== undefined) records.push(parseJson(parts.envelope.bytes) as Recorded)
  return records
}

async function text(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await sleep(250)
  }
  throw new Error('it never came')
}
