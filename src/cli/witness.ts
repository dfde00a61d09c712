import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeVerifierKey } from '../audit/note-key.ts'
import { placeOfError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { SqliteWitnessHeads } from '../store/sqlite/witness-heads.ts'
import { listenWitness } from '../witness/server.ts'
import { Witness } from '../witness/witness.ts'
import { openIdentity, type WitnessIdentity } from '../witness/witness-keys.ts'
import { operatorLog } from './operator-log.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { untilStopped } from './serve.ts'
import { readTrustPolicy } from './trust-policy-file.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  folder: { type: 'string' },
  policy: { type: 'string' },
  name: { type: 'string' },
  listen: { type: 'string', default: '127.0.0.1:7075' },
  json: { type: 'boolean', default: false },
} as const

/** `sallyport witness --folder DIR --policy FILE`: cosigns heads of the logs in the policy, as long as they only grow. */
export async function witness(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const { host, port } = listenAt(values.listen)
  if (values.folder === undefined || values.policy === undefined)
    throw new UsageError('Say where its keys and state are, and which logs it knows: --folder DIR --policy FILE.')
  const folder = resolve(values.folder)
  const { logs } = await readTrustPolicy(values.policy)
  if (logs.length === 0)
    throw new UsageError(
      `${values.policy} names no log. "sallyport audit checkpoint --policy" prints the line of a gateway.`,
    )
  if (values.name === undefined && !existsSync(join(folder, 'name')))
    throw new UsageError('A new witness needs a name, such as witness.example.com/w1: --name NAME.')
  const log = operatorLog()
  const identity = openIdentity(folder, values.name)
  using heads = new SqliteWitnessHeads(folder)
  const server = await listenWitness({
    host,
    port,
    witness: new Witness({
      logs: logs.map(({ key }) => key),
      signers: identity.signers,
      heads,
      nowSeconds: () => Math.floor(clock.nowMs() / 1000),
      onRefused: (origin, why) => log.warn('a head was not cosigned', { origin, why }),
    }),
    onBug: (bug) => log.error('a request could not be answered', { why: placeOfError(bug) }),
  })
  try {
    printReady(identity, server.url, { json: values.json, origins: logs.map(({ key }) => key.name) })
    await untilStopped(new AbortController().signal)
  } finally {
    await server.close()
  }
  return EXIT.fine
}

function printReady(
  { name, signers }: WitnessIdentity,
  url: string,
  { json, origins }: { readonly json: boolean; readonly origins: readonly string[] },
): void {
  const [ed25519, mlDsa44] = signers.map(({ key }) => writeVerifierKey(key))
  if (json) return printLine(JSON.stringify({ event: 'ready', url, name, keys: { ed25519, mlDsa44 }, origins }))
  printLine(`The witness ${name} is ready at ${url}, for ${origins.length} log${origins.length === 1 ? '' : 's'}.`)
  printLine('Line for a trust policy (the NAME is yours to choose; a second one below has its ML-DSA-44 key):')
  printLine(`witness NAME ${ed25519 ?? ''} ${url}`)
  printLine(`witness NAME ${mlDsa44 ?? ''} ${url}`)
}

function listenAt(text: string): { host: string; port: number } {
  const found = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(text)
  const [, host, port] = found ?? []
  if (host === undefined || Number(port) > 65_535)
    throw new UsageError(`"${text}" is no host and port, such as 127.0.0.1:7075.`)
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
}
