import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'
import { printMistakes } from './print-mistakes.ts'

const ISSUER = 'identity: { issuers: [ { issuer: "https://login.example.com" } ] }'
const MAIN = `version: 1\n${ISSUER}\nmaster_key: \${env:SALLYPORT_KEY}\nresources: [connections/]\n`
const BENCH = 'kind: Connection\nname: bench\nupstream: { http: { url: "http://127.0.0.1:3000/mcp" } }\n'

describe('a mistake in a connection', () => {
  it.each([
    {
      what: 'a name with capitals',
      yaml: BENCH.replace('bench', 'Bench'),
      at: '2:7',
      message: 'this is not in the right form',
    },
    { what: 'no upstream', yaml: 'kind: Connection\nname: a\n', at: '1:1', message: '"upstream" is missing' },
    {
      what: 'two upstreams',
      yaml: 'kind: Connection\nname: a\nupstream: { http: { url: "http://x" }, stdio: { command: x } }',
      at: '3:11',
      message: 'this has too many keys',
    },
    { what: 'another kind', yaml: 'kind: Conection\nname: a\n', at: '1:7', message: 'unknown kind "Conection"' },
    { what: 'no kind', yaml: 'name: a\n', at: '1:1', message: 'this document has no kind' },
    {
      what: 'a credential for stdio on http',
      yaml: `${BENCH}credentials: [ { name: k, env: KEY } ]`,
      at: '4:16',
      message: 'this cannot be given to a server over http',
    },
    {
      what: 'a credential that goes nowhere',
      yaml: `${BENCH}credentials: [ { name: k } ]`,
      at: '4:16',
      message: 'this has too few keys',
    },
    {
      what: 'a credential that goes two ways',
      yaml: `${BENCH}credentials: [ { name: k, bearer: true, header: X } ]`,
      at: '4:16',
      message: 'this has too many keys',
    },
    {
      what: 'two credentials in one place',
      yaml: `${BENCH}credentials: [ { name: k, bearer: true }, { name: l, header: Authorization } ]`,
      at: '4:43',
      message: 'another credential goes to the same place',
    },
    {
      what: 'a limit of the gateway alone',
      yaml: `${BENCH}limits: { streams: 5 }`,
      at: '4:11',
      message: 'unknown key "streams"',
    },
    {
      what: 'a reference where none is followed',
      yaml: 'kind: Connection\nname: a\nupstream: { stdio: { command: x, env: { A: "${env:B}" } } }',
      at: '3:44',
      message: 'references are not followed here',
    },
    {
      what: 'a certificate that is not there',
      yaml: 'kind: Connection\nname: a\nupstream: { http: { url: "https://x", ca: no.pem } }',
      at: '3:43',
      message: 'there is no no.pem',
    },
  ])('is found where it stands: $what', async ({ yaml, at, message }) => {
    await using world = await setUp({ 'connections/a.yaml': yaml })
    const [first] = await world.mistakes()
    expect(first?.file).toBe(join(world.folder, 'connections/a.yaml'))
    expect(`${first?.line}:${first?.column}`).toBe(at)
    expect(first?.message).toContain(message)
  })

  it('is found where two files have one name', async () => {
    await using at = await setUp({ 'connections/a.yaml': BENCH, 'connections/b.yml': BENCH })
    const [first] = await at.mistakes()
    expect(first).toMatchObject({
      line: 2,
      message: `there is another connection "bench", in ${join(at.folder, 'connections/a.yaml')}`,
    })
  })

  it('does not show a password in a URL', async () => {
    await using at = await setUp({ 'connections/a.yaml': BENCH.replace('127', 'me:made-up-pw@127') })
    const printed = printMistakes(await at.mistakes())
    expect(printed).toContain('a.yaml:3:26')
    expect(printed).not.toContain('made-up-pw')
  })
})

async function setUp(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-connections-'))
  await mkdir(join(folder, 'connections'))
  for (const [name, text] of Object.entries({
    'sallyport.yaml': MAIN,
    'policy.yaml': 'version: 1\nrules: []\n',
    ...files,
  })) {
    await writeFile(join(folder, name), text)
  }
  return {
    folder,
    mistakes: async () => {
      const loaded = await loadConfig(join(folder, 'sallyport.yaml'), { SALLYPORT_KEY: 'the-value-of-the-key' })
      return loaded.kind === 'mistakes' ? loaded.mistakes : []
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
