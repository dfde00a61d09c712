import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SIGNATURE_TYPE, writeVerifierKey } from '../audit/note-key.ts'
import { noteSigner } from '../audit/note-signature.ts'
import { loadConfig } from './load.ts'

const KEY = writeVerifierKey(noteSigner('w', SIGNATURE_TYPE.cosignature, generateKeyPairSync('ed25519').privateKey).key)
const GOOD = `witness W ${KEY} http://127.0.0.1:1\nquorum W\n`

it('witnesses and anchors are read, with paths relative to the file and secrets as references', async () => {
  const audit = `
  witnesses: { policy: trust.policy }
  anchors:
    - { kind: file, path: heads }
    - { kind: rfc3161, url: "https://tsa.example", ca: roots.pem }
    - { kind: object-lock, endpoint: "https://s3.example", bucket: b, access_key_id: "\${env:ID}", secret_access_key: file:s }`
  using world = setUp(audit, GOOD)
  const loaded = await world.load()
  expect(loaded.kind === 'config' && loaded.config.audit).toMatchObject({
    witnesses: { everyMs: 10_000, atMostMs: 60_000, policy: { witnesses: [{ name: 'W' }] } },
    anchors: [
      { kind: 'file', everyMs: 60_000, path: join(world.folder, 'heads') },
      { kind: 'rfc3161', everyMs: 86_400_000, caFile: join(world.folder, 'roots.pem') },
      {
        kind: 'object-lock',
        accessKeyId: { kind: 'env', name: 'ID' },
        secretAccessKey: { path: join(world.folder, 's') },
      },
    ],
  })
})

it.each<[string, string, string, string]>([
  ['a policy that is not there', 'witnesses: { policy: nowhere }', GOOD, 'cannot be read'],
  [
    'a mistake in the policy',
    'witnesses: { policy: trust.policy }',
    'quorum W\n',
    'trust.policy:1:1: "W" is not defined above',
  ],
  [
    'a quorum nobody can reach',
    'witnesses: { policy: trust.policy }',
    `witness W ${KEY}\nquorum W\n`,
    'no witness has a URL',
  ],
  [
    'a URL that is none',
    'witnesses: { policy: trust.policy }',
    GOOD.replace('http:', 'gopher:'),
    'the URL of W is not http',
  ],
  ['at_most below every', 'witnesses: { policy: trust.policy, at_most: 1s }', GOOD, 'must not be shorter than every'],
  ['no time at all', 'witnesses: { policy: trust.policy, every: 0s }', GOOD, 'must be at least 1s'],
  ['an anchor without its path', 'anchors: [ { kind: file } ]', GOOD, 'an anchor of kind file needs path'],
  [
    'a key of another kind',
    'anchors: [ { kind: file, path: x, bucket: b } ]',
    GOOD,
    'an anchor of kind file has no bucket',
  ],
  [
    'a URL without a scheme',
    'anchors: [ { kind: rfc3161, url: tsa.example, ca: x } ]',
    GOOD,
    'must be an http or https URL',
  ],
  [
    'a secret in the file itself',
    'anchors: [ { kind: object-lock, secret_access_key: abc } ]',
    GOOD,
    '5:54: this is not right',
  ],
])('%s is a mistake, with its place', async (_, audit, policy, expected) => {
  using world = setUp(`\n  ${audit}`, policy)
  const loaded = await world.load()
  const told = loaded.kind === 'mistakes' ? loaded.mistakes : []
  expect(JSON.stringify(told)).not.toContain('abc')
  expect(told.map(({ column, file, line, message }) => `${file}:${line}:${column}: ${message}`).join('\n')).toContain(
    expected,
  )
})

function setUp(audit: string, policy: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
  const file = join(folder, 'sallyport.yaml')
  const main = `version: 1\nidentity: { issuers: [{ issuer: https://login.example.com }] }\nmaster_key: file:master.key\naudit:${audit}\n`
  writeFileSync(file, main)
  writeFileSync(join(folder, 'trust.policy'), policy)
  writeFileSync(join(folder, 'policy.yaml'), 'version: 1\ndefault: deny\nrules: []\n')
  return {
    folder,
    load: () => loadConfig(file, {}),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
