// A time-stamping authority of openssl behind a port: tokens that are not made by the code that checks them.
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat } from '../../src/base/bytes.ts'

export type KeyKind = 'rsa' | 'ec'

const KEYS: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
}

const CONFIG = `
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = CA:FALSE
extendedKeyUsage = critical,timeStamping
[server]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
[ts]
serial = ./serial
signer_digest = sha256
digests = sha256
default_policy = 1.2.3.4.1
ess_cert_id_alg = sha256
tsa_name = yes
`

/** Keys, certificates and an address. `signer`: which section of certificate the signer has. */
export async function startAuthority(options: { readonly key?: KeyKind; readonly essSha1?: boolean } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tsa-'))
  writeFileSync(
    join(folder, 'conf'),
    options.essSha1 === true ? CONFIG.replace('ess_cert_id_alg = sha256\n', 'ess_cert_id_alg = sha1\n') : CONFIG,
  )
  writeFileSync(join(folder, 'serial'), '01\n')
  const openssl = (...args: readonly string[]) => run(folder, args)
  const key = KEYS[options.key ?? 'ec']
  const request = ['req', '-config', 'conf', '-nodes', ...key]
  openssl(
    ...request,
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=Test Root',
    '-extensions',
    'ca',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  )
  for (const [name, section] of [
    ['tsa', 'tsa'],
    ['web', 'server'],
  ] as const) {
    openssl(...request, '-new', '-subj', `/CN=Test ${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`)
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1',
      '-extfile', 'conf', '-extensions', section, '-out', `${name}.pem`) // prettier-ignore
  }
  const reply = (query: Uint8Array): Uint8Array => {
    writeFileSync(join(folder, 'query'), query)
    openssl('ts', '-reply', '-config', 'conf', '-section', 'ts', '-queryfile', 'query', '-signer', 'tsa.pem', '-inkey', 'tsa.key',
      '-out', 'reply') // prettier-ignore
    return readFileSync(join(folder, 'reply'))
  }
  let spoil = asItIs
  const server = createServer((req, res) => {
    const chunks: Uint8Array[] = []
    req.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    req.on('end', () => {
      res.writeHead(200, { 'content-type': 'application/timestamp-reply' })
      res.end(spoil(reply(concat(chunks))))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/`,
    root: new X509Certificate(readFileSync(join(folder, 'ca.pem'))),
    rootFile: join(folder, 'ca.pem'),
    signer: new X509Certificate(readFileSync(join(folder, 'tsa.pem'))),
    reply,
    /** What it sends instead of its answers. */
    spoil: (how: (answer: Uint8Array) => Uint8Array) => {
      spoil = how
    },
    /** What openssl says of a token of ours. */
    verify: (token: string, data: string) =>
      spawnSync('openssl', ['ts', '-verify', '-in', token, '-data', data, '-CAfile', join(folder, 'ca.pem')], {
        encoding: 'utf8',
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function asItIs(answer: Uint8Array): Uint8Array {
  return answer
}

function run(cwd: string, args: readonly string[]): void {
  try {
    execFileSync('openssl', args, { cwd, stdio: 'pipe' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error('This test needs openssl. Install it: apt-get install openssl', { cause: error })
    throw error
  }
}
