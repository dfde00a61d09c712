// Values in URIs of resources come back as they were spelled; a server compares its URIs letter by letter.
import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../test/support/masking/passages.ts'
import { parseJson } from '../base/json.ts'

const NAME = 'Erika Mustermann'
const reply = (result: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, result })

/** A caller who got these URIs in a list, beside a name that only its key gives away. */
function setUp(uris: readonly string[]) {
  const world = openMasker()
  const about = { method: 'resources/list', tool: undefined }
  const resources = uris.map((uri) => ({ uri, name: 'r' }))
  const [seen] = seenOf(world.passage(about), [reply({ resources, full_name: NAME })])
  const { result } = parseJson(new TextEncoder().encode(seen?.text ?? '')) as unknown as {
    result: { resources: { uri: string }[]; full_name: string }
  }
  const read = (uri: string) => {
    const call = world.passage({ method: 'resources/read', tool: undefined })
    const body = { jsonrpc: '2.0', id: 2, method: 'resources/read', params: { uri } }
    const sent = call.outbound(new TextEncoder().encode(JSON.stringify(body)))
    if (sent.kind === 'refused') return { fault: sent.fault, answer: () => '' }
    const went = sent.body.derive((bytes) => new TextDecoder().decode(bytes))
    const { params } = JSON.parse(went) as { params: { uri: string } }
    const answer = (text: string) => seenOf(call, [reply({ contents: [{ uri: 'crm://x', text }] })])[0]?.text ?? ''
    return { went: params.uri, answer }
  }
  return {
    uris: result.resources.map(({ uri }) => uri),
    stand: result.full_name,
    read,
    [Symbol.dispose]: () => world[Symbol.dispose](),
  }
}

describe('a value in the URI of a resource', () => {
  it('comes back in each spelling that the server has for it', () => {
    const spelled = [
      `crm://people/${encodeURIComponent(NAME)}`,
      'crm://people/ann%40shop.example',
      'crm://people/ANN%40shop.example',
      'crm://people/%61nn%40shop.example',
      'crm://people/ann@shop.example',
      'crm://people/ann%40shop.example~1',
      'crm://people/ann@shop.example~1',
      'crm://people/ann@shop.example~1~2?copy=ann%40shop.example&of=Ann@shop.example',
    ]
    using world = setUp(spelled)
    for (const uri of world.uris) expect(uri).toMatch(/sur_/)
    expect(world.uris.map((uri) => world.read(uri).went)).toEqual(spelled)
    expect(world.uris[0]).toContain(world.stand)
  })

  it('is hidden in what answers, in both spellings, though no detector knows it', () => {
    using world = setUp([`crm://people/${encodeURIComponent(NAME)}`])
    const { answer } = world.read(world.uris[0] ?? '')
    expect(answer(`${NAME} is ${encodeURIComponent(NAME)}`)).toContain(`${world.stand} is ${world.stand}`)
  })

  it('has a mark nowhere else: neither in the web nor in what a tool says', () => {
    using world = setUp(['https://shop.example/ann%40shop.example'])
    expect(world.uris[0]).toMatch(/^https:\/\/shop\.example\/sur_email_[0-9a-z]{18}$/)
    using other = openMasker()
    const uri = 'crm://people/ann%40shop.example'
    const said = reply({ content: [{ type: 'text', text: uri }], structuredContent: { uri } })
    const [seen] = seenOf(other.passage(), [said])
    expect(seen?.text).not.toContain('~')
  })
})
