// Runs commands of the binary one after the other in one process, as its parent asks. What a command needs is loaded once;
// everything else is as in a process of its own: arguments, folder, environment, standard input and both outputs.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Readable } from 'node:stream'
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts'

interface Asked {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly input: string
}

const started = { ...process.env }
const { readFileSync } = fs
let input = ''
let runs = 0

// Commands read what is piped to them from the descriptor itself, or as a stream.
fs.readFileSync = ((...args: Parameters<typeof readFileSync>) =>
  args[0] === 0 ? encodeUtf8(input) : readFileSync(...args)) as typeof readFileSync
syncBuiltinESMExports()
Object.defineProperty(process, 'stdin', { get: () => Readable.from(input === '' ? [] : [encodeUtf8(input)]) })
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0)

process.on('disconnect', () => process.exit())
process.on('message', (asked: Asked) => void run(asked).then((finished) => process.send?.(finished)))

async function run(asked: Asked): Promise<unknown> {
  input = asked.input
  process.chdir(asked.cwd)
  process.env = { ...started, ...asked.env }
  process.argv = [process.execPath, 'sallyport', ...asked.args]
  process.exitCode = undefined
  const written = { stdout: gather(process.stdout), stderr: gather(process.stderr) }
  try {
    runs += 1
    // The module of the binary is its run: under another address it runs once more.
    await import(`../../src/cli/main.ts?run=${runs}`)
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(error instanceof Error ? String(error.stack) : String(error))
  }
  return { code: process.exitCode ?? 0, stdout: written.stdout(), stderr: written.stderr() }
}

/** Keeps what is written instead of passing it on. Gives it, and passes on again, when called. */
function gather(stream: NodeJS.WriteStream): () => string {
  const chunks: string[] = []
  stream.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
    chunks.push(typeof chunk === 'string' ? chunk : decodeUtf8(chunk))
    const done = rest.find((one) => typeof one === 'function')
    if (done !== undefined) setImmediate(() => done(null))
    return true
  }
  return () => {
    Reflect.deleteProperty(stream, 'write')
    return chunks.join('')
  }
}
