// The demo: everything at once on this machine, to try it. Nothing of it can be switched on in `serve`: it opens a provider
// that asks nobody for a password, so it listens on loopback only and lives in this folder only.
import { join, resolve } from 'node:path'
import { startCustomers } from '../../examples/customers/server.ts'
import { ensureMasterKeyFile } from '../cli/master-key.ts'
import { openGateway } from '../cli/open-gateway.ts'
import { operatorLog } from '../cli/operator-log.ts'
import { EXIT, type ExitCode, printError, printLine } from '../cli/out.ts'
import { untilStopped } from '../cli/serve.ts'
import { readArgs, UsageError } from '../cli/usage.ts'
import { clock } from '../base/clock.ts'
import { loadConfig } from '../config/load.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import type { Config } from '../config/config.ts'
import { demoKey, writeDemoFolder } from './folder.ts'
import { startIdentityProvider, type IdentityProvider } from './identity-provider.ts'
import { facts, printWelcome } from './welcome.ts'

/** `sallyport demo [--json] [--folder DIR] [--port N] [--idp-port N]`: runs until Ctrl-C and leaves no process behind. */
export async function demo(args: readonly string[]): Promise<ExitCode> {
  const options = optionsFrom(args)
  await using stack = new AsyncDisposableStack()
  const apiKey = demoKey(options.folder)
  const customers = stack.adopt(await startCustomers({ port: 0, apiKey }), (server) => server.close())
  const baseUrl = `http://127.0.0.1:${options.port}`
  const provider = stack.use(await startIdentityProvider({ port: options.idpPort, resources: [baseUrl] }))
  const keyFile = join(options.folder, 'master.key')
  const masterKey = ensureMasterKeyFile(keyFile)
  const configFile = await writeDemoFolder({ ...options, issuer: provider.issuer, customersUrl: customers.url })
  const config = await configOf(configFile)
  if (config === undefined) return EXIT.refused
  const fatal = new AbortController()
  const gateway = stack.adopt(
    await openGateway(config, masterKey, operatorLog({ quiet: true }), () => fatal.abort()),
    (open) => open.close(),
  )
  // As a person would with `sallyport credential set customers api-key`.
  gateway.vault.set('customers', { name: 'api-key', kind: 'header', value: apiKey }, clock.nowMs())
  await gateway.refreshCredentials()
  await tell(options, { url: gateway.url, connections: gateway.connections, provider })
  await untilStopped(fatal.signal)
  if (!options.json) printLine('Stopping.')
  return fatal.signal.aborted ? EXIT.failed : EXIT.fine
}

interface DemoOptions {
  readonly json: boolean
  readonly folder: string
  readonly port: number
  readonly idpPort: number
}

function optionsFrom(args: readonly string[]): DemoOptions {
  const { values } = readArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      folder: { type: 'string', default: '.sallyport/demo' },
      port: { type: 'string', default: '7070' },
      'idp-port': { type: 'string', default: '7071' },
    },
  })
  return {
    json: values.json,
    folder: resolve(values.folder),
    port: port(values.port),
    idpPort: port(values['idp-port']),
  }
}

function port(text: string): number {
  const number = Number(text)
  if (!/^\d{1,5}$/.test(text) || number === 0 || number > 65_535)
    throw new UsageError(`"${text}" is no port; use 1 to 65535.`)
  return number
}

async function configOf(file: string): Promise<Config | undefined> {
  const loaded = await loadConfig(file, process.env)
  if (loaded.kind === 'config') return loaded.config
  printError(printMistakes(loaded.mistakes))
  return undefined
}

async function tell(
  { json, folder }: DemoOptions,
  running: { readonly url: string; readonly connections: readonly string[]; readonly provider: IdentityProvider },
): Promise<void> {
  const known = await facts(running, folder)
  if (json) printLine(JSON.stringify(known))
  else printWelcome(known)
}
