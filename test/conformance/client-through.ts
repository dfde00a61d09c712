// What the suite starts instead of the client: `node client-through.ts URL` puts a gateway of its own before the suite's server,
// lets the client talk to that, and passes its exit code on.
import { startGateway } from '../support/gateway.ts'
import { runProgram } from '../support/process.ts'

// The suite ends what takes too long; an orderly exit takes the gateway along.
process.once('SIGTERM', () => process.exit(1))

const gateway = await startGateway({ connections: { suite: { upstream: { http: { url: process.argv[2] ?? '' } } } } })
try {
  const client = await runProgram({
    args: ['test/conformance/client.ts', gateway.url('suite')],
    env: { CONFORMANCE_TOKEN: await gateway.token('alice') },
  })
  process.stderr.write(client.stderr)
  process.exitCode = client.code ?? 1
} finally {
  await gateway.stop()
}
