import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readAll } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { Analyzer, type AnalyzerFinding, type AnalyzerOptions } from './analyzer.ts'

describe('the detector of names', () => {
  it('is asked as Presidio Analyzer is, and its findings come back', async () => {
    await using at = await setUp((_, res) => answer(res, [finding('PERSON', 0, 3)]))
    await expect(at.analyzer.analyze('Ann is here')).resolves.toEqual([
      { entity: 'PERSON', start: 0, end: 3, score: 0.85 },
    ])
    expect(at.asked).toEqual([
      {
        path: '/base/analyze',
        method: 'POST',
        body: { text: 'Ann is here', language: 'en', entities: ['PERSON', 'LOCATION'], score_threshold: 0.5 },
      },
    ])
  })

  it('counts code points, we count UTF-16', async () => {
    const text = '😀 Zoë 😀 Ann 𝒳'
    await using at = await setUp((_, res) =>
      answer(res, [finding('PERSON', 2, 5), finding('PERSON', 8, 11), finding('PERSON', 12, 13)]),
    )
    const found = await at.analyzer.analyze(text)
    expect(found.map(({ start, end }: AnalyzerFinding) => text.slice(start, end))).toEqual(['Zoë', 'Ann', '𝒳'])
  })

  it('is not believed below the score that was asked for, nor in what nobody asked for', async () => {
    await using at = await setUp((_, res) =>
      answer(res, [{ ...finding('PERSON', 0, 3), score: 0.4 }, finding('DATE_TIME', 0, 3)]),
    )
    await expect(at.analyzer.analyze('Ann is here')).resolves.toEqual([])
  })

  it('is not asked about nothing', async () => {
    await using at = await setUp((_, res) => answer(res, []))
    await expect(at.analyzer.analyze('')).resolves.toEqual([])
    expect(at.asked).toEqual([])
  })
})

describe('a message is held back where the detector', () => {
  it.each<[string, (res: ServerResponse) => unknown, string]>([
    ['answers with an error', (res) => res.writeHead(500).end('Ann Lee'), 'status 500'],
    ['redirects', (res) => res.writeHead(307, { location: '/analyze' }).end(), 'status 307'],
    ['answers with nothing', (res) => res.end(), 'no JSON'],
    ['answers with something that is no JSON', (res) => res.end('Ann Lee'), 'no JSON'],
    ['answers with bytes that are no UTF-8', (res) => res.end(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)), 'no JSON'],
    ['answers with another document', (res) => answer(res, { error: 'Ann Lee' }), 'something else'],
    ['answers with no findings in its list', (res) => answer(res, ['Ann Lee']), 'something else'],
    ['leaves something out', (res) => answer(res, [{ entity_type: 'PERSON', start: 0, score: 1 }]), 'lacks something'],
    ['names a place behind the text', (res) => answer(res, [finding('PERSON', 0, 12)]), 'outside the text'],
    ['names a place before the text', (res) => answer(res, [finding('PERSON', -1, 3)]), 'outside the text'],
    ['names a place that ends before it begins', (res) => answer(res, [finding('PERSON', 3, 3)]), 'outside the text'],
    ['names half a place', (res) => answer(res, [finding('PERSON', 0, 1.5)]), 'outside the text'],
    ['lies even about what nobody asked for', (res) => answer(res, [finding('URL', 0, 99)]), 'outside the text'],
    [
      'breaks off',
      (res) => res.writeHead(200, { 'content-length': 100 }).write('[{', () => res.destroy()),
      'cannot be reached',
    ],
    ['answers without end', (res) => endless(res), 'more than'],
  ])('%s', async (_, reply, message) => {
    await using at = await setUp((__, res) => reply(res))
    const error: unknown = await at.analyzer.analyze('Ann is here').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'masking_blocked', message: expect.stringContaining(message) })
    expect(String(error)).not.toContain('Ann')
  })

  it('does not answer in time, at the beginning or in the middle', async () => {
    for (const begin of [() => undefined, (res: ServerResponse) => res.writeHead(200).write('[')]) {
      await using at = await setUp((_, res) => begin(res), { timeoutMs: 150 })
      await expect(at.analyzer.analyze('Ann')).rejects.toMatchObject({
        code: 'masking_blocked',
        message: expect.stringContaining('in time'),
      })
    }
  })

  it('is not there', async () => {
    const at = await setUp((_, res) => res.end())
    await at.stop()
    await expect(at.analyzer.analyze('Ann')).rejects.toMatchObject({
      code: 'masking_blocked',
      message: expect.stringContaining('cannot be reached'),
    })
    await at.analyzer.close()
  })
})

describe('many questions', () => {
  it('are asked so many at a time, and all are answered', async () => {
    let open = 0
    let most = 0
    await using at = await setUp(
      (_, res) => {
        open += 1
        most = Math.max(most, open)
        setTimeout(() => {
          open -= 1
          answer(res, [])
        }, 20)
      },
      { concurrent: 3, timeoutMs: 5_000 },
    )
    await Promise.all(Array.from({ length: 20 }, () => at.analyzer.analyze('Ann')))
    expect(most).toBe(3)
    expect(at.asked).toHaveLength(20)
  })

  it('wait within their time, and leave no place taken', async () => {
    let isSlow = true
    await using at = await setUp((_, res) => (isSlow ? undefined : answer(res, [])), { concurrent: 1, timeoutMs: 200 })
    const results = await Promise.allSettled([
      at.analyzer.analyze('a b'),
      at.analyzer.analyze('c d'),
      at.analyzer.analyze('e f'),
    ])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    isSlow = false
    await expect(at.analyzer.analyze('g h')).resolves.toEqual([])
  })

  it('end with the client that asked', async () => {
    await using at = await setUp(() => undefined, { concurrent: 1, timeoutMs: 10_000 })
    const gone = new AbortController()
    const asking = [at.analyzer.analyze('a b', gone.signal), at.analyzer.analyze('c d', gone.signal)]
    setTimeout(() => gone.abort(), 50)
    for (const one of asking) await expect(one).rejects.toMatchObject({ code: 'client_gone' })
    await expect(at.analyzer.analyze('e f', gone.signal)).rejects.toMatchObject({ code: 'client_gone' })
  })
})

function finding(entity: string, start: number, end: number): Record<string, unknown> {
  return { entity_type: entity, start, end, score: 0.85, analysis_explanation: null }
}

function answer(res: ServerResponse, value: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function endless(res: ServerResponse): void {
  const chunk = ' '.repeat(65_536)
  const more = (): void => {
    while (!res.destroyed && res.write(chunk));
    if (!res.destroyed) res.once('drain', more)
  }
  res.writeHead(200)
  more()
}

async function setUp(
  reply: (req: IncomingMessage, res: ServerResponse) => unknown,
  change: Partial<AnalyzerOptions> = {},
) {
  const asked: unknown[] = []
  const server = createServer((req, res) => {
    const take = async (): Promise<void> => {
      asked.push({ path: req.url, method: req.method, body: JSON.parse(await readAll(req)) as unknown })
      reply(req, res)
    }
    take().catch(() => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const analyzer = new Analyzer({
    url: `http://127.0.0.1:${address.port}/base/`,
    timeoutMs: 2_000,
    language: 'en',
    score: 0.5,
    entities: ['PERSON', 'LOCATION'],
    concurrent: 8,
    ...change,
  })
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    analyzer,
    asked,
    stop,
    async [Symbol.asyncDispose]() {
      await analyzer.close()
      await stop()
    },
  }
}
