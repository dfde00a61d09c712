import { once } from 'node:events'
import { configFrom } from './check.ts'
import { masterKeyOf } from './master-key.ts'
import { openGateway } from './open-gateway.ts'
import { operatorLog } from './operator-log.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'

/** `sallyport serve -c FILE [--json]`: runs the gateway until it is told to stop. */
export async function serve(args: readonly string[]): Promise<ExitCode> {
  const config = await configFrom(args)
  if (config === undefined) return EXIT.refused
  const log = operatorLog()
  const stopped = new AbortController()
  let fatal = false
  const gateway = await openGateway(config, masterKeyOf(config.masterKey), log, () => {
    // The log could not be recovered: the supervisor and the operator take over; nothing passes meanwhile.
    fatal = true
    stopped.abort()
  })
  try {
    if (args.includes('--json')) printLine(JSON.stringify({ event: 'ready', url: gateway.url }))
    else printReady(gateway.url, gateway.connections)
    await untilStopped(stopped.signal)
  } finally {
    await gateway.close()
  }
  return fatal ? EXIT.failed : EXIT.fine
}

function printReady(url: string, connections: readonly string[]): void {
  printLine(`Sallyport is ready at ${url}`)
  for (const name of connections) printLine(`  ${url}/mcp/${name}`)
}

/** Resolves at Ctrl-C, TERM, or when `signal` aborts. A second Ctrl-C ends the process at once, as people expect. */
export async function untilStopped(signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP'), aborted])
}
