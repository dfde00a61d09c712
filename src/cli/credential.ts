import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { clock } from '../base/clock.ts'
import type { Config, ConnectionConfig } from '../config/config.ts'
import { Vault } from '../credentials/vault.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { SqliteCredentialRows } from '../store/sqlite/credential-rows.ts'
import { configFrom } from './check.ts'
import { masterKeyOf } from './master-key.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

/**
 * `sallyport credential set CONNECTION NAME`: the value comes from a prompt or from standard input, never from an argument,
 * where every process of the machine and the shell's history could read it. It is never shown again.
 */
export async function credential(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
      json: { type: 'boolean', default: false },
    },
  })
  const [action, connection, name, ...more] = positionals
  // A value on the command line must not be taken for one, and has to be treated as leaked.
  if (more.length > 0)
    throw new UsageError(
      'A value does not belong on the command line: it is visible there. Change it, then give the new one at the prompt.',
    )
  const config = await configFrom(['-c', values.config])
  if (config === undefined) return EXIT.refused
  using control = ControlDatabase.open(config.dataFolder)
  const vault = new Vault(new SqliteCredentialRows(control), masterKeyOf(config.masterKey))
  switch (action) {
    case 'set':
      // Awaited here: the database closes when this function ends.
      return await set(declared(config, connection, name), vault)
    case 'list':
      return list(config, vault, values.json)
    case 'remove':
      return remove(vault, connection, name)
    case undefined:
    default:
      throw new UsageError(
        'Say what to do: credential set CONNECTION NAME, credential list, credential remove CONNECTION NAME.',
      )
  }
}

interface Named {
  readonly connection: ConnectionConfig
  readonly declaration: ConnectionConfig['credentials'][number]
}

/** `customers/api-key` is one word for `customers api-key`. */
function split(
  connection: string | undefined,
  name: string | undefined,
): readonly [string | undefined, string | undefined] {
  if (connection === undefined || name !== undefined) return [connection, name]
  const slash = connection.indexOf('/')
  return slash < 0 ? [connection, undefined] : [connection.slice(0, slash), connection.slice(slash + 1)]
}

function declared(config: Config, first: string | undefined, second: string | undefined): Named {
  const [connectionName, name] = split(first, second)
  const connection = config.connections.find((one) => one.name === connectionName)
  if (connection === undefined) {
    const known = config.connections.map((one) => one.name).join(', ')
    throw new UsageError(`There is no connection "${connectionName ?? ''}". Configured: ${known}.`)
  }
  const [only] = connection.credentials
  const declaration =
    name === undefined && connection.credentials.length === 1
      ? only
      : connection.credentials.find((one) => one.name === name)
  if (declaration === undefined) {
    const known = connection.credentials.map((one) => one.name).join(', ') || 'none'
    throw new UsageError(
      `The connection "${connection.name}" declares no credential "${name ?? ''}". Declared: ${known}.`,
    )
  }
  return { connection, declaration }
}

async function set({ connection, declaration }: Named, vault: Vault): Promise<ExitCode> {
  const value = await readValue(`Value of ${declaration.name} for ${connection.name} (${declaration.kind}): `)
  const stored = vault.set(connection.name, { name: declaration.name, kind: declaration.kind, value }, clock.nowMs())
  if (stored.kind === 'refused') {
    printError(stored.message)
    return EXIT.refused
  }
  printLine(`Stored ${declaration.name} for ${connection.name}. A running gateway takes it within seconds.`)
  return EXIT.fine
}

function list(config: Config, vault: Vault, json: boolean): ExitCode {
  const stored = vault.list()
  const rows = config.connections.flatMap((connection) =>
    connection.credentials.map(({ name, kind }) => {
      const row = stored.find((one) => one.connection === connection.name && one.name === name)
      return {
        connection: connection.name,
        name,
        kind,
        set: row === undefined ? null : new Date(row.updatedMs).toISOString(),
      }
    }),
  )
  for (const row of rows)
    printLine(
      json
        ? JSON.stringify(row)
        : `${row.connection.padEnd(20)} ${row.name.padEnd(20)} ${row.kind.padEnd(8)} ${row.set ?? 'not set'}`,
    )
  return EXIT.fine
}

function remove(vault: Vault, first: string | undefined, second: string | undefined): ExitCode {
  const [connection, name] = split(first, second)
  if (connection === undefined || name === undefined)
    throw new UsageError('Name both: credential remove CONNECTION NAME.')
  if (vault.remove(connection, name)) {
    printLine(`Removed ${name} of ${connection}.`)
    return EXIT.fine
  }
  printError(`There is no credential ${name} of ${connection}.`)
  return EXIT.refused
}

/** From a prompt that does not echo, or the whole of standard input without its last line break. */
async function readValue(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '')
  process.stderr.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
