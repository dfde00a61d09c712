import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../../test/support/masking/passages.ts'

/** What of a list in a result a client does not see. */
function hidden(list: readonly (readonly string[])[]): string[] {
  using world = openMasker()
  const message = { jsonrpc: '2.0', id: 1, result: { content: [], structuredContent: { list } } }
  const [seen] = seenOf(world.passage(), [JSON.stringify(message)])
  const shown: unknown[] = JSON.parse(seen?.text ?? '').result.structuredContent.list.flat()
  return list.flat().filter((text, i) => shown[i] !== text)
}

describe('pairs of headers', () => {
  it('are read each for itself: the names of others are no values of the first', () => {
    expect(
      hidden([
        ['Authorization', 'tok-12345'],
        ['Accept', 'text/html'],
        ['X-Api-Key', 'k3y99'],
      ]),
    ).toEqual(['tok-12345', 'k3y99'])
    expect(
      hidden([
        ['cookie', 'sid=9f8e7d6c5b'],
        ['x-request-id', '12'],
      ]),
    ).toEqual(['sid=9f8e7d6c5b'])
  })

  it('are a table where what follows is not called like a header, or the first is not', () => {
    expect(
      hidden([
        ['token', 'owner'],
        ['k3y99', 'joe'],
        ['k3y98', 'ann'],
      ]),
    ).toEqual(['owner', 'k3y99', 'k3y98'])
    expect(
      hidden([
        ['password', 'of'],
        ['host', 'joe'],
        ['maple', 'ann'],
      ]),
    ).toEqual(['of', 'host', 'maple'])
  })
})

describe('names and values of headers in one list', () => {
  it.each([
    [['Host', 'a.example', 'Authorization', 'tok-12345', 'Accept', '*/*'], ['tok-12345']],
    [['Authorization', 'tok-12345', 'Accept', '*/*'], ['tok-12345']],
    [['Host', 'a.example', 'X-Api-Key', 'k3y99'], ['k3y99']],
    [['Accept', '*/*', 'Cookie', 'sid=9f8e7d6c5b', 'X-Request-Id', '12'], ['sid=9f8e7d6c5b']],
  ])('of %j, %j is hidden', (list, values) => {
    expect(hidden([list])).toEqual(values)
  })

  it.each([
    [['authorization', 'content-type', 'accept']],
    [['Authorization', 'X-Client-Info', 'apikey', 'content-type']],
    [['cookie', 'dnt', 'user-agent']],
    [['token', 'item 5', 'chair 7']],
  ])('of %j nothing is', (list) => {
    expect(hidden([list])).toEqual([])
  })
})
