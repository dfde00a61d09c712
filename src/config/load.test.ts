import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'
import { printMistakes } from './print-mistakes.ts'

const ISSUER = 'identity: { issuers: [ { issuer: "https://login.example.com" } ] }'
const MAIN = `version: 1\n${ISSUER}\nmaster_key: \${env:SALLYPORT_KEY}\nresources: [connections/]\n`
const POLICY = 'version: 1\ngroups: { all: [everyone] }\nrules:\n- { id: a, effect: allow, match: { groups: [all] } }\n'
const BENCH = 'kind: Connection\nname: bench\nupstream: { http: { url: "http://127.0.0.1:3000/mcp" } }\n'

describe('a configuration', () => {
  it('is read whole, with defaults, and paths made absolute', async () => {
    await using at = await setUp({ 'connections/a.yaml': BENCH })
    const config = await at.config()
    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 7070 },
      url: 'http://127.0.0.1:7070',
      dataFolder: join(at.folder, 'data'),
      policyFile: join(at.folder, 'policy.yaml'),
      issuers: [{ issuer: 'https://login.example.com', groups: { claim: 'groups' }, clockSkewSeconds: 30 }],
      masterKey: { kind: 'env', name: 'SALLYPORT_KEY' },
      connections: [{ name: 'bench', labels: {}, upstream: { kind: 'http', host: 'rewrite' }, credentials: [] }],
      audit: { segmentBytes: 64 * 1024 * 1024, deadlineMs: 30_000 },
      limits: { requestBytes: 4 * 1024 * 1024, keepAliveMs: 15_000, sessionsPerPrincipal: 100 },
    })
    expect(JSON.stringify(config)).not.toContain('the-value-of-the-key')
  })

  it('takes what the files say over the defaults', async () => {
    await using at = await setUp({
      'sallyport.yaml': `${MAIN}listen: "[::1]:0"\ndata: /var/lib/sallyport\nlimits: { request_body: 2MiB, stream_keep_alive: 20s, upstream_total: 2h }\naudit: { segment: { size: 16MiB } }\n`,
      'connections/a.yaml': `${BENCH}labels: { env: prod }\nlimits: { upstream_total: 30m }\ncredentials: [ { name: key, header: X-Api-Key }, { name: token, bearer: true } ]\n---\nkind: Connection\nname: files\nupstream: { stdio: { command: ./server.sh, args: [-v], env: { MODE: "1" }, cwd: . } }\ncredentials: [ { name: key, env: API_KEY } ]\n`,
    })
    const config = await at.config()
    expect(config).toMatchObject({
      listen: { host: '::1', port: 0 },
      url: undefined,
      dataFolder: '/var/lib/sallyport',
      limits: { requestBytes: 2 * 1024 * 1024, keepAliveMs: 20_000, callTotalMs: 7_200_000 },
      audit: { segmentBytes: 16 * 1024 * 1024 },
    })
    const [bench, files] = config.connections
    expect(bench).toMatchObject({
      limits: { callTotalMs: 1_800_000, keepAliveMs: 20_000 },
      credentials: [
        { name: 'key', kind: 'header', header: 'X-Api-Key' },
        { name: 'token', kind: 'bearer' },
      ],
    })
    expect(files).toMatchObject({
      upstream: {
        kind: 'stdio',
        command: join(at.folder, 'connections/server.sh'),
        args: ['-v'],
        env: { MODE: '1' },
        cwd: join(at.folder, 'connections'),
      },
      credentials: [{ name: 'key', kind: 'env', variable: 'API_KEY' }],
    })
  })
})

describe('a mistake in the main file', () => {
  it.each([
    {
      what: 'nobody who vouches for callers',
      main: MAIN.replace(ISSUER, 'identity: { issuers: [] }'),
      at: '2:22',
      message: 'this must not be empty',
    },
    { what: 'no identity at all', main: MAIN.replace(ISSUER, ''), at: '1:1', message: '"identity" is missing' },
    { what: 'an unknown key', main: `${MAIN}lisen: x`, at: '5:1', message: 'unknown key "lisen"' },
    {
      what: 'a port that is none',
      main: `${MAIN}listen: 127.0.0.1:99999`,
      at: '5:9',
      message: 'this must be a host and a port',
    },
    {
      what: 'every address without a url',
      main: `${MAIN}listen: 0.0.0.0:7070`,
      at: '5:9',
      message: 'with this listen address, url must say',
    },
    {
      what: 'a url that is none',
      main: `${MAIN}url: https://example.com/?x`,
      at: '5:6',
      message: 'this must be an http or https URL',
    },
    {
      what: 'an origin with a path',
      main: `${MAIN}allowed_origins: [ "https://a.example/x" ]`,
      at: '5:20',
      message: 'this is not an origin',
    },
    {
      what: 'an issuer over plain http',
      main: MAIN.replace('https:', 'http:'),
      at: '2:34',
      message: 'this must be an https URL',
    },
    {
      what: 'a key that the environment lacks',
      main: MAIN.replace('SALLYPORT_KEY', 'NO_SUCH'),
      at: '3:13',
      message: 'the environment has no NO_SUCH',
    },
    {
      what: 'a limit without unit',
      main: `${MAIN}limits: { request_body: 4096 }`,
      at: '5:25',
      message: 'this must be text',
    },
    {
      what: 'a limit in the wrong unit',
      main: `${MAIN}limits: { request_body: 4MB }`,
      at: '5:25',
      message: 'this is not in the right form',
    },
    {
      what: 'a limit out of range',
      main: `${MAIN}limits: { request_body: 1GiB }`,
      at: '5:25',
      message: 'this must be from 1KiB to 64MiB',
    },
    {
      what: 'an unknown limit',
      main: `${MAIN}limits: { request_bodi: 4MiB }`,
      at: '5:11',
      message: 'unknown key "request_bodi"',
    },
    {
      what: 'a segment too small',
      main: `${MAIN}audit: { segment: { size: 1KiB } }`,
      at: '5:27',
      message: 'this must be from 1MiB to 1GiB',
    },
    {
      what: 'a folder that is not there',
      main: MAIN.replace('connections/', 'nowhere/'),
      at: '4:13',
      message: 'nowhere cannot be read',
    },
    {
      what: 'a policy that is not there',
      main: `${MAIN}policy: nowhere.yaml`,
      at: '5:9',
      message: 'nowhere.yaml cannot be read',
    },
  ])('is found where it stands: $what', async ({ main, at, message }) => {
    await using world = await setUp({ 'sallyport.yaml': main, 'connections/a.yaml': BENCH })
    const [first] = await world.mistakes()
    expect(`${first?.line}:${first?.column}`).toBe(at)
    expect(first?.message).toContain(message)
  })

  it('does not show a key that somebody wrote into the file', async () => {
    const key = 'c2VjcmV0LW1hZGUtdXAtbWFzdGVyLWtleS0xMjM0NTY='
    await using at = await setUp({ 'sallyport.yaml': MAIN.replace(/master_key: .*/, `master_key: ${key}`) })
    const printed = printMistakes(await at.mistakes())
    expect(printed).toContain('sallyport.yaml:3:13')
    expect(printed).toContain('never the key itself')
    expect(printed).not.toContain(key)
  })
})

describe('all mistakes', () => {
  it('of all files come at once, each with its line, a caret and what to do', async () => {
    await using at = await setUp({
      'sallyport.yaml': `${MAIN}listen: nonsense\n`,
      'connections/a.yaml': BENCH,
      'connections/b.yaml': BENCH.replace('bench', 'other'),
      'policy.yaml': POLICY.replace('[all]', '[al]'),
    })
    const mistakes = await at.mistakes()
    expect(mistakes.map(({ message }) => message)).toEqual([
      'no group "al" under groups:',
      'this must be a host and a port',
    ])
    expect(printMistakes(mistakes)).toBe(
      [
        `${at.folder}/policy.yaml:4:45: no group "al" under groups:`,
        '  4 | - { id: a, effect: allow, match: { groups: [al] } }',
        `  ${' '.repeat(48)}^`,
        '  did you mean "all"?',
        '',
        `${at.folder}/sallyport.yaml:5:9: this must be a host and a port`,
        '  5 | listen: nonsense',
        '              ^',
        '  for example 127.0.0.1:7070',
        '',
        '2 mistakes; nothing was changed.',
      ].join('\n'),
    )
  })

  it('cannot drive the terminal they are printed on', () => {
    const printed = printMistakes([{ file: 'f', line: 1, column: 2, message: 'm', lineText: 'x\u001b[2J' }])
    expect(printed).not.toContain('\u001b')
  })

  it('are one where the file is not there', async () => {
    const loaded = await loadConfig('/nonexistent/sallyport.yaml', {})
    expect(loaded).toMatchObject({ kind: 'mistakes', mistakes: [{ message: 'this file cannot be read' }] })
  })
})

async function setUp(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-config-'))
  await mkdir(join(folder, 'connections'))
  for (const [name, text] of Object.entries({ 'sallyport.yaml': MAIN, 'policy.yaml': POLICY, ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const load = () => loadConfig(join(folder, 'sallyport.yaml'), { SALLYPORT_KEY: 'the-value-of-the-key' })
  return {
    folder,
    config: async () => {
      const loaded = await load()
      if (loaded.kind === 'mistakes') throw new Error(printMistakes(loaded.mistakes))
      return loaded.config
    },
    mistakes: async () => {
      const loaded = await load()
      return loaded.kind === 'mistakes' ? loaded.mistakes : []
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
