// What turned back in a call is hidden in what comes back, whatever the detectors think of it (masking.md, 10.5, rule 5).
import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../test/support/masking/passages.ts'
import { decodeLatin1, encodeLatin1, encodeUtf8, readBase64, toBase64 } from '../base/bytes.ts'

const reply = (result: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, result })
const said = (text: string) => reply({ content: [{ type: 'text', text }] })
const resource = (blob: string) => reply({ content: [{ type: 'resource', resource: { uri: 'a:b', blob } }] })
const error = (message: string) => JSON.stringify({ jsonrpc: '2.0', id: 2, error: { code: -1, message } })

/** A caller who got these values, and puts each back into a call. */
function setUp(fields: Readonly<Record<string, unknown>>) {
  const restore = { why: 'tests', sinks: [{ tool: '*', argument: '*', within: undefined }] }
  const world = openMasker({ terms: { restore } })
  const [found] = seenOf(world.passage(), [reply({ content: [], structuredContent: fields })])
  const args = JSON.parse(found?.text ?? '').result.structuredContent
  const call = world.passage()
  const params = { name: 'find', arguments: args }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params })
  const sent = call.outbound(encodeUtf8(body))
  expect(sent).toMatchObject({ kind: 'pass' })
  return {
    args,
    answer: (event: string) => seenOf(call, [event])[0]?.text ?? '',
    later: (event: string) => seenOf(world.passage(), [event])[0]?.text ?? '',
    [Symbol.dispose]: () => world[Symbol.dispose](),
  }
}

describe('a value that turned back in a call', () => {
  it.each(['Ann', 'Li', 'Guest', 'Bö'])('is hidden in what answers it, however short or common: %s', (name) => {
    using world = setUp({ first_name: name })
    const stand = world.args['first_name']
    expect(stand).toMatch(/^sur_person_name_/)
    expect(world.answer(said(`No ${name} here, but ${name}ette; ${name}?`))).toBe(
      said(`No ${stand} here, but ${name}ette; ${stand}?`),
    )
    expect(world.answer(said(JSON.stringify({ who: name })))).toBe(said(JSON.stringify({ who: stand })))
    const blob = toBase64(encodeUtf8(`no ${name} here`))
    expect(world.answer(resource(blob))).toBe(resource(toBase64(encodeUtf8(`no ${stand} here`))))
    expect(world.answer(error(`no ${name}`))).toBe(error(`no ${stand}`))
    expect(world.later(said(`No ${name} here`))).toBe(said(`No ${name} here`))
  })

  it('leaves numbers and names of members that look like it', () => {
    using world = setUp({ postcode: '1010' })
    const stand = world.args['postcode']
    const rows = { structuredContent: { 1010: true, count: 1010, text: 'in 1010' }, content: [] }
    expect(JSON.parse(world.answer(reply(rows))).result.structuredContent).toEqual({
      ...rows.structuredContent,
      text: `in ${stand}`,
    })
  })

  it('leaves a text in base64 that holds it a text in base64', () => {
    using world = setUp({ email: 'joe@shop.example' })
    const stand = world.args['email']
    for (const text of ['joe@shop.example', 'To joe@shop.example, and joe@shop.example, about what we talked of.'])
      for (const end of ['', '\0', 'ÿ'])
        expect(world.later(resource(toBase64(encodeLatin1(`${text}${end}`))))).toBe(
          resource(toBase64(encodeLatin1(`${text.replaceAll('joe@shop.example', stand)}${end}`))),
        )
    // Of what is no text, nothing else is left.
    const opaque = toBase64(encodeLatin1(`${'\0\u0001'.repeat(20)} joe@shop.example`))
    const left = /"blob":"(.*?)"/.exec(world.later(resource(opaque)))?.[1] ?? ''
    expect(decodeLatin1(readBase64(left))).toMatch(/^sur_email_\w{18}$/)
  })

  it('is hidden where base64 or percent signs are all that shows it', () => {
    using world = setUp({ full_name: 'Erika Muster' })
    const hidden = ['Erika%20Muster', toBase64(encodeUtf8('we know no Erika Muster')), 'Erika\u200b Muster']
    for (const text of hidden) expect(world.answer(said(`of ${text}`))).toMatch(/of sur_person_name_\w+"/)
  })
})
