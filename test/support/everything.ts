// Runs the reference server "everything" over Streamable HTTP on a free loopback port. Left alone it would listen on every
// interface and on a port that it is told. Prints {"event":"ready","url":"http://127.0.0.1:PORT/mcp"}.
import { Server } from 'node:net'
import { portOf } from './issuer.ts'

// oxlint-disable-next-line typescript/unbound-method -- applied to its own server below
const { listen } = Server.prototype
Server.prototype.listen = function onLoopback(this: Server) {
  this.once('listening', () => {
    const url = `http://127.0.0.1:${portOf(this.address())}/mcp`
    process.stdout.write(`${JSON.stringify({ event: 'ready', url })}\n`)
  })
  return Reflect.apply(listen, this, [{ port: 0, host: '127.0.0.1' }])
}

process.argv[2] = 'streamableHttp'
await import(new URL('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url).href)
