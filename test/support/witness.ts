// Witnesses for tests: the real server over a folder of its own, and one that says whatever it is told.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VerifierKey } from '../../src/audit/note-key.ts'
import { writeVerifierKey } from '../../src/audit/note-key.ts'
import { SqliteWitnessHeads } from '../../src/store/sqlite/witness-heads.ts'
import { listenWitness } from '../../src/witness/server.ts'
import { Witness } from '../../src/witness/witness.ts'
import { openIdentity } from '../../src/witness/witness-keys.ts'

export async function startWitness(name: string, logs: readonly VerifierKey[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-witness-'))
  const heads = new SqliteWitnessHeads(folder)
  const { signers } = openIdentity(folder, `${name}.example/w`)
  const witness = new Witness({ logs, signers, heads, nowSeconds })
  const bugs: unknown[] = []
  const server = await listenWitness({ host: '127.0.0.1', port: 0, witness, onBug: (bug) => bugs.push(bug) })
  return {
    name,
    url: server.url,
    heads,
    bugs,
    keys: signers.map(({ key }) => key),
    /** Its line in a trust policy. */
    line: `witness ${name} ${writeVerifierKey(signers[0].key)} ${server.url}`,
    close: () => server.close(),
    [Symbol.asyncDispose]: async () => {
      await server.close()
      heads[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

interface Said {
  readonly status: number
  readonly text: string
  readonly type?: string
}

/** Answers every request with what `say` gives. */
export async function startLiar(say: (path: string, body: string) => Said) {
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    req.on('end', () => {
      const { status, text, type } = say(req.url ?? '', body)
      res.writeHead(status, { 'content-type': type ?? 'text/plain' }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
