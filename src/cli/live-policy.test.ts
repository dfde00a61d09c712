import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { LivePolicy } from './live-policy.ts'

it('a file that is written again while it is taken over is read once more', async () => {
  await using world = await setUp()
  const { policy, write } = world
  await write('second')
  const recorded: string[] = []
  const refresh = () =>
    policy.refresh(async (_, after) => {
      recorded.push(...after.rules.map(({ id }) => id))
      if (recorded.length === 1) await write('the-third-one')
    })
  // It must have stood still for one look.
  for (let i = 0; i < 6; i++) await refresh()
  expect(recorded).toEqual(['second', 'the-third-one'])
  expect(policy.current.rules.map(({ id }) => id)).toEqual(['the-third-one'])
})

it('a change that cannot be recorded is not in force, and is tried again', async () => {
  await using world = await setUp()
  const { policy, write } = world
  await write('second')
  const fail = () => policy.refresh(() => Promise.reject(new Error('disk full')))
  await fail()
  await expect(fail()).rejects.toThrow('disk full')
  expect(policy.current.rules.map(({ id }) => id)).toEqual(['first'])
  await policy.refresh(() => Promise.resolve())
  expect(policy.current.rules.map(({ id }) => id)).toEqual(['second'])
})

const silent = () => undefined

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-live-'))
  const file = join(folder, 'policy.yaml')
  const write = (id: string) =>
    writeFile(file, `version: 1\nrules: [{ id: ${id}, effect: allow, match: { connections: ['*'] } }]\n`)
  await mkdir(join(folder, 'connections'))
  await writeFile(
    join(folder, 'sallyport.yaml'),
    'version: 1\nidentity: { issuers: [{ issuer: https://login.example.com }] }\nmaster_key: file:master.key\npolicy: policy.yaml\nresources: [connections/]\n',
  )
  await writeFile(
    join(folder, 'connections', 'one.yaml'),
    'kind: Connection\nname: one\nupstream: { http: { url: https://one.example.com/mcp } }\n',
  )
  await write('first')
  const loaded = await loadConfig(join(folder, 'sallyport.yaml'), {})
  if (loaded.kind === 'mistakes') throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'))
  const policy = new LivePolicy(loaded.config, { info: silent, warn: silent, error: silent })
  await policy.begin()
  return { policy, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
