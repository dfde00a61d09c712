// Somebody looks at a session afterwards: as a timeline, as files for other tools, under another policy, and once more
// against the server.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, openSession } from '../support/mcp-client.ts'
import { at, run } from '../support/records.ts'
import { isRecord, root } from '../support/process.ts'
import { replyTo, type Script, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  default: 'deny',
  rules: [
    { id: 'all', effect: 'allow', match: { connections: ['*'] } },
    { id: 'no-truncate', effect: 'deny', match: { connections: ['*'], tools: ['truncate'] }, message: 'Ask first.' },
  ],
}
const NARROWER = {
  version: 1,
  default: 'deny',
  rules: [
    ...POLICY.rules,
    {
      id: 'no-delete',
      effect: 'deny',
      match: { connections: ['*'] },
      when: 'sql.present && "write" in sql.verbs',
      message: 'Reading only.',
    },
  ],
}

let gateway: Gateway
let server: ScriptedServer
let legacy: string
let modern: string
beforeAll(async () => {
  server = await startScriptedServer(answering('three rows'))
  gateway = await startGateway({
    connections: {
      db: {
        upstream: { http: { url: server.url } },
        dialect: 'postgresql',
        inspect: { sql: ['$.args.sql'] },
      },
    },
    policy: POLICY,
  })
  const alice = await openSession({ gateway })
  await alice.call('query', { sql: 'SELECT 1' })
  await alice.call('query', { sql: 'DELETE FROM users WHERE id = 1' })
  await alice.call('truncate', { table: 'users' })
  await alice.call('note', { text: 'no SQL' })
  await callModern({ gateway, person: 'bob' }, 'query', { sql: 'SELECT 2' })
  writeFileSync(join(gateway.folder, 'narrower.yaml'), stringify(NARROWER))
  writeFileSync(join(gateway.folder, 'alice.token'), await gateway.token('alice'), { mode: 0o600 })
  const { stdout } = await run(gateway, ['sessions', '--json'])
  const sessions = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  legacy = String(
    at(
      sessions.find((one) => at(one, 'era') === 'legacy'),
      'id',
    ),
  )
  modern = String(
    at(
      sessions.find((one) => at(one, 'era') === 'modern'),
      'id',
    ),
  )
}, 240_000)
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

function answering(text: string): Script {
  return (received, response) =>
    received.method === 'tools/call' ? sendJson(response, replyTo(received, textResult(text))) : false
}

/** HAR 1.2 as published; its draft of JSON Schema says nothing else in these than the one that is used here. */
function harSchemas(): object[] {
  const folder = join(root, 'node_modules/har-schema/lib')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ ...JSON.parse(readFileSync(join(folder, name), 'utf8')), $schema: undefined }))
}

describe('somebody who replays a session', () => {
  it('sees both eras with what the session rests on, and what was denied', async () => {
    const { stdout: old } = await run(gateway, ['replay', legacy])
    expect(old).toMatch(/legacy era, session by mcp-session-id.*1 denied/)
    expect(old).toMatch(/─▶▏ +tools\/call truncate +deny by no-truncate: Ask first\./)
    expect(old).toMatch(/"sql": "SELECT 1"[\s\S]*◀─+◀─+ +tools\/call query +ok[\s\S]*three rows/)
    const { stdout: now } = await run(gateway, ['replay', modern])
    expect(now).toMatch(/modern era, session by (?:window|trace)[\s\S]*SELECT 2/)
    const { stdout: denied } = await run(gateway, ['replay', legacy, '--only', 'denied'])
    expect(denied.match(/tools\/call/g)).toHaveLength(1)
  })

  it('plays it faster than it went', async () => {
    const { stdout } = await run(gateway, ['replay', legacy, '--speed', '1000'])
    expect(stdout).toContain('three rows')
  })

  it('gets a HAR that the published schema takes, with an entry for each call', async () => {
    const file = join(gateway.folder, 'session.har')
    await run(gateway, ['replay', legacy, '--as', 'har', '-o', file])
    const har: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const ajv = new Ajv({ strict: false, allErrors: true })
    addFormats.default(ajv)
    for (const schema of harSchemas()) ajv.addSchema(schema)
    ajv.validate('har.json', har)
    expect(ajv.errors).toBeNull()
    const entries = at(har, 'log', 'entries')
    expect(Array.isArray(entries) && entries.map((entry) => at(entry, '_mcp', 'target')).filter(Boolean)).toEqual([
      'query',
      'query',
      'truncate',
      'note',
    ])
  })

  it('gets JSON, an asciicast and a page in one file', async () => {
    const { stdout: json } = await run(gateway, ['replay', legacy, '--as', 'json'])
    expect(JSON.parse(json)).toMatchObject({ v: 1, session: { calls: 4, marks: { denied: 1 } } })
    const { stdout: cast } = await run(gateway, ['replay', legacy, '--as', 'asciicast'])
    expect(
      cast
        .trim()
        .split('\n')
        .every((line) => isRecord(JSON.parse(line)) || Array.isArray(JSON.parse(line))),
    ).toBe(true)
    const file = join(gateway.folder, 'session.html')
    await run(gateway, ['replay', legacy, '--as', 'html', '-o', file])
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*three rows/)
  })

  it('is told which sessions a beginning fits, and where there is none', async () => {
    expect(await gateway.command(['replay', 'ses_', '--data', gateway.dataFolder])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/several: ses_.*, ses_/),
    })
    expect(await gateway.command(['replay', 'ses_zz', '--data', gateway.dataFolder])).toMatchObject({ code: 1 })
  })
})

function again(...more: readonly string[]) {
  const policy = join(gateway.folder, 'narrower.yaml')
  return gateway.command(['replay', legacy, '-c', gateway.configFile, '--policy', policy, ...more])
}

describe('a session under another policy', () => {
  it('says of each call what would be decided, and why, and sends nothing', async () => {
    server.forget()
    const done = await again()
    expect(done.code).toBe(1)
    expect(done.stdout).toMatch(/tools\/call query {2}allow by all, as before/)
    expect(done.stdout).toMatch(/tools\/call query {2}allow by all -> deny by no-delete: Reading only\./)
    expect(done.stdout).toMatch(/1 come out differently/)
    expect(server.received).toEqual([])
  })

  it('calls again only what the policy allows and what reads by all its facts, with the rights of whoever looks', async () => {
    const against = [
      '--against',
      'db',
      '--gateway',
      gateway.base(),
      '--token-file',
      join(gateway.folder, 'alice.token'),
    ]
    server.forget()
    const same = await again(...against)
    expect(server.received.filter(({ method }) => method === 'tools/call').map(({ body }) => body)).toEqual([
      expect.stringContaining('SELECT 1'),
    ])
    expect(same.stdout).toMatch(/SELECT|called again: the same result/)
    expect(same.stdout).toMatch(/not called again: the policy does not allow it/)
    expect(same.stdout).toMatch(/not called again: nothing shows that it only reads/)
    server.behave(answering('four rows'))
    const other = await again(...against)
    expect(other.stdout).toMatch(/another result\n +- three rows\n +\+ four rows/)
    server.behave(answering('three rows'))
  })

  it('says that a gateway does not answer', async () => {
    const token = ['--token-file', join(gateway.folder, 'alice.token')]
    expect(await again('--against', 'db', '--gateway', 'http://127.0.0.1:1', ...token)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('does not answer'),
    })
  })
})
