// A client that wants to be able to prove that its calls are on record gets a signed receipt with each reply, and has it checked.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession, post } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { eventOf, openEvents, replyTo, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
const sessions: Record<string, LegacySession> = {}
beforeAll(async () => {
  server = await startScriptedServer((received, response) => {
    if (!received.body.includes('list_users')) return false
    const params = { progressToken: 'x', progress: 1, message: 'ünder way' }
    const progress = { jsonrpc: '2.0', method: 'notifications/progress', params }
    openEvents(response).end(eventOf(progress) + eventOf(replyTo(received, textResult('streamed'))))
    return true
  })
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: {
      each: { upstream },
      together: { upstream, receipts: 'commit' },
      none: { upstream, receipts: 'off' },
    },
    config: { audit: { receipts: 'record' } },
    policy: {
      version: 1,
      rules: [
        { id: 'no-dropping', effect: 'deny', match: { tools: ['drop_table'] } },
        { id: 'no-secrets', effect: 'deny', match: { prompts: ['secret'] } },
        { id: 'allow-all', effect: 'allow', match: { connections: ['*'] } },
      ],
    },
  })
  for (const connection of ['each', 'together', 'none'])
    sessions[connection] = await openSession({ gateway, connection }, '2025-03-26')
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

function session(connection: string): LegacySession {
  const found = sessions[connection]
  if (found === undefined) throw new Error(`no session on ${connection}`)
  return found
}

function keep(name: string, text: string): string {
  const file = join(gateway.folder, name)
  writeFileSync(file, text)
  return file
}

function check(...args: readonly string[]) {
  return gateway.command(['audit', 'receipt', ...args])
}

/** `data` of the events of a stream, as they came. */
function dataOf(text: string): readonly string[] {
  return [...text.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => data)
}

describe('a client with receipts on', () => {
  it.each(['each', 'together'])(
    'gets one in a header of a plain reply (%s), and it is found in the log',
    async (on) => {
      const { headers, text } = await session(on).call('query', { sql: 'SELECT 1' })
      const receipt = keep(`${on}.json`, headers.get('sallyport-receipt') ?? '')
      const reply = keep(`${on}-reply.json`, text)
      const { code, stdout } = await check(receipt, '--reply', reply, '-c', gateway.configFile)
      expect(stdout).toContain('The record is in the log.')
      expect(stdout).toContain('The message is, byte for byte, what was recorded.')
      expect(stdout).toMatch(on === 'each' ? /signed alone/ : /signed with the \d+ records from \d+ on/)
      expect(code).toBe(0)
    },
  )

  it('gets one in _meta of each message of a stream, and nothing else of it is changed', async () => {
    const { headers, text } = await session('each').call('list_users')
    expect(headers.get('sallyport-receipt')).toBeNull()
    const messages = dataOf(text)
    expect(messages).toHaveLength(2)
    for (const [i, message] of messages.entries()) {
      const file = keep(`streamed-${i}.json`, message)
      const { code, stdout } = await check(file, '-c', gateway.configFile, '--json')
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, verdict: 'kept', message: true })
      expect(code).toBe(0)
    }
    const { result } = JSON.parse(messages[1] ?? '')
    expect(result.content).toEqual([{ type: 'text', text: 'streamed' }])
  })

  it('may ask about a message as it came, and learns by the exit code that it is another one', async () => {
    const message = dataOf((await session('each').call('list_users')).text)[1] ?? ''
    const receipt = keep('asked.json', JSON.stringify(JSON.parse(message).result['_meta']['sallyport/receipt']))
    const same = await check(receipt, '--reply', keep('as-it-came.json', message), '-c', gateway.configFile)
    expect(same.stdout).toContain('The message is, byte for byte, what was recorded.')
    expect(same.code).toBe(0)
    const changed = keep('other.json', message.replace('streamed', 'stream3d'))
    const other = await check(receipt, '--reply', changed, '-c', gateway.configFile, '--json')
    expect(JSON.parse(other.stdout)).toMatchObject({ ok: false, verdict: 'kept', message: false })
    expect(other.code).toBe(1)
  })

  it('gets one in each reply of a batch, which has one header for all', async () => {
    const { url, headers } = session('each')
    const calls = [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'query' } }))
    const { headers: answered, text } = await post(url, JSON.stringify(calls), headers)
    expect(answered.get('sallyport-receipt')).toBeNull()
    const receipts = dataOf(text).map((data) => JSON.parse(data).result['_meta']['sallyport/receipt'])
    expect(new Set(receipts.map(({ seq }) => seq)).size).toBe(2)
  })

  it.each(['each', 'together'])('gets one of a call that was refused (%s)', async (on) => {
    const { headers, text } = await session(on).call('drop_table', { name: 'users' })
    expect(JSON.parse(text)).toMatchObject({ result: { isError: true } })
    const file = keep(`${on}-refused.json`, headers.get('sallyport-receipt') ?? '')
    const reply = keep(`${on}-refusal.json`, text)
    const { code, stdout } = await check(file, '--reply', reply, '-c', gateway.configFile)
    expect(stdout).toMatch(/The record is in the log\..*It says that the request was refused\./)
    expect(stdout).not.toContain('byte for byte')
    expect(code).toBe(0)
  })

  it('gets one of a refusal in a batch, and of one that is an error', async () => {
    const { url, headers } = session('each')
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'drop_table' } }
    const batch = await post(url, JSON.stringify([call, { ...call, id: 2 }]), headers)
    const seqs = dataOf(batch.text).map((data) => JSON.parse(data).result['_meta']['sallyport/receipt'].seq)
    expect(new Set(seqs).size).toBe(2)
    const prompt = { jsonrpc: '2.0', id: 3, method: 'prompts/get', params: { name: 'secret' } }
    const error = await post(url, JSON.stringify(prompt), headers)
    expect(JSON.parse(error.text)).toHaveProperty('error')
    const file = keep('error.json', error.headers.get('sallyport-receipt') ?? '')
    expect((await check(file, '-c', gateway.configFile)).stdout).toContain('that the request was refused')
  })

  it('learns that a message was changed since, though its record is there', async () => {
    const { text } = await session('each').call('list_users')
    const file = keep('changed.json', (dataOf(text)[1] ?? '').replace('streamed', 'stream3d'))
    const { code, stdout } = await check(file, '-c', gateway.configFile)
    expect(stdout).toContain('The message is not byte for byte what was recorded')
    expect(code).toBe(0)
  })

  it('can hold it against a proof file and a key alone, without the log', async () => {
    const { headers } = await session('each').call('query')
    const receipt = headers.get('sallyport-receipt') ?? ''
    const file = keep('alone.json', receipt)
    const { seq } = JSON.parse(receipt)
    const key = await keyOf()
    const proof = await provenLater(seq)
    const right = await check(file, '--proof', keep('alone.tlog-proof', proof), '--key', key)
    expect(right.stdout).toContain('The record is in the log.')
    expect(right.code).toBe(0)
    const head = proof.slice(proof.indexOf('\n\n') + 2)
    const byHead = await check(file, '--head', keep('alone.head', head), '--key', key)
    expect(byHead.stdout).toContain(`ask for "audit prove ${seq}"`)
    expect(byHead.code).toBe(3)
    const other = await check(file, '--proof', keep('other.tlog-proof', await provenLater(seq - 1)), '--key', key)
    expect(other.stdout).toContain(`the proof is of record ${seq - 1}`)
  })

  it('is told what to do where a file holds no receipt, or no key is given', async () => {
    const none = await check(keep('none.json', '{"result":{}}'), '-c', gateway.configFile)
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('holds no receipt')])
    const { headers } = await session('each').call('query')
    const file = keep('keyless.json', headers.get('sallyport-receipt') ?? '')
    const keyless = await check(file, '--head', file)
    expect([keyless.code, keyless.stderr]).toEqual([2, expect.stringContaining('Whose key?')])
  })
})

it('a client with receipts off gets none, in headers or streams', async () => {
  const plain = await session('none').call('query')
  expect(plain.headers.get('sallyport-receipt')).toBeNull()
  const streamed = await session('none').call('list_users')
  expect(streamed.text + plain.text).not.toContain('receipt')
  const refused = await session('none').call('drop_table')
  expect(refused.headers.get('sallyport-receipt')).toBeNull()
})

it('of a record that the log does not have no proof is promised', async () => {
  const { code, stderr } = await gateway.command(['audit', 'prove', '999999', '--data', gateway.dataFolder])
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^There is no record 999999 that can be read here: the newest signed head covers \d+ records\.\n$/,
    ),
  })
})

async function keyOf(): Promise<string> {
  const { stdout } = await gateway.command(['audit', 'checkpoint', '--json', '--data', gateway.dataFolder])
  return JSON.parse(stdout)[0].keys[0]
}

/** A head is signed once a second. */
async function provenLater(seq: number): Promise<string> {
  for (;;) {
    const { code, stdout } = await gateway.command(['audit', 'prove', String(seq), '--data', gateway.dataFolder])
    if (code === 0) return stdout
  }
}
