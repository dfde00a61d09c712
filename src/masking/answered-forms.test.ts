import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../test/support/masking/passages.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { Sealed } from '../base/sealed.ts'
import type { JsonObject } from '../base/json.ts'
import type { Sink } from './connection-masking.ts'
import type { Outbound, PassageAbout } from './passage.ts'
import type { Terms } from './rule-set.ts'

const EMAIL = 'erika.muster@example.com'
const SINK: Sink = { tool: 'find', field: 'email', within: undefined }
const FORM: JsonObject = { type: 'object', properties: { email: { type: 'string' }, n: { type: 'integer' } } }

const REDACTED: readonly Terms[] = [{ entities: ['email', 'credit_card'], with: 'redact' }]

type Era = 'legacy' | 'modern'
const ERAS = ['legacy', 'modern'] as const

/** A caller who got a stand-in for an address. */
function setUp({ sinks = [SINK] }: { readonly sinks?: readonly Sink[] } = {}) {
  const world = openMasker({ terms: { restore: { why: 'tests', sinks } } })
  const shown = (result: unknown, about: Partial<PassageAbout> = {}) =>
    seenOf(world.passage(about), [JSON.stringify({ jsonrpc: '2.0', id: 1, result })])[0]?.text ?? ''
  const standIn = (value: string): string =>
    JSON.parse(shown({ content: [], structuredContent: { first_name: value } })).result.structuredContent.first_name
  return { ...world, shown, standIn, email: standIn(EMAIL) }
}

function fill(era: Era, content: unknown): string {
  const answer = { action: 'accept', content }
  return JSON.stringify(
    era === 'legacy'
      ? { jsonrpc: '2.0', id: 1, result: answer }
      : {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'find', arguments: {}, inputResponses: { 'a.b': answer } },
        },
  )
}

function form(email: JsonObject): JsonObject {
  return { type: 'object', properties: { email } }
}

function aboutForm(era: Era, schema: JsonObject = FORM): Partial<PassageAbout> {
  const at = era === 'legacy' ? ['result', 'content'] : ['params', 'inputResponses', 'a.b', 'content']
  return { method: era === 'legacy' ? '(answer)' : 'tools/call', forms: [{ at, schema }] }
}

/** What the server gets; undefined where it gets nothing. */
function sent(outbound: Outbound, era: Era): unknown {
  if (outbound.kind === 'refused') return undefined
  const message = JSON.parse(decodeUtf8(Sealed.open(outbound.body)))
  return (era === 'legacy' ? message.result : message.params.inputResponses['a.b']).content
}

describe.each(ERAS)('a stand-in that is filled into a form: %s', (era) => {
  const filled = (world: ReturnType<typeof setUp>, content: unknown, about: Partial<PassageAbout> = {}) =>
    sent(world.passage({ ...aboutForm(era), ...about }).outbound(encodeUtf8(fill(era, content))), era)

  it('turns back in a field that is a sink, and in no other', () => {
    using world = setUp()
    expect(filled(world, { email: world.email, n: 3 })).toEqual({ email: EMAIL, n: 3 })
    expect(filled(world, { other: world.email })).toBeUndefined()
    expect(filled(world, { email: `to ${world.email}` })).toBeUndefined()
    expect(filled(world, { email: { email: world.email } })).toBeUndefined()
    expect(filled(world, { [world.email]: 'x' })).toBeUndefined()
  })

  it('stays where the form is of another tool, of none, or not known', () => {
    using world = setUp()
    const content = { email: world.email }
    expect(filled(world, content, { tool: 'send' })).toBeUndefined()
    expect(filled(world, content, { tool: undefined })).toBeUndefined()
    expect(filled(world, content, { forms: [] })).toBeUndefined()
    expect(filled(world, content, { isOpenWorld: true })).toBeUndefined()
    expect(filled(world, content, { principal: 'pri_bob' })).toBeUndefined()
    expect(filled(world, content, { client: 'other' })).toBeUndefined()
  })

  it('stays where an argument of that name is the sink', () => {
    using world = setUp({ sinks: [{ tool: 'find', argument: 'email', within: undefined }] })
    expect(filled(world, { email: world.email })).toBeUndefined()
  })

  it('turns back within a text where the sink says so', () => {
    using world = setUp({ sinks: [{ tool: '*', field: 'note', within: 'A-Za-z0-9@._+-' }] })
    expect(filled(world, { note: `to ${world.email} soon` })).toEqual({ note: `to ${EMAIL} soon` })
  })

  it('goes out only as what the form takes', () => {
    using world = setUp()
    const content = { email: world.email }
    expect(filled(world, content, aboutForm(era, form({ type: 'string', maxLength: 10 })))).toBeUndefined()
    expect(filled(world, content, aboutForm(era, form({ type: 'string', pattern: '@other' })))).toBeUndefined()
    expect(filled(world, content, aboutForm(era, form({ type: 'string', pattern: '^[^@]+@example' })))).toBeDefined()
    // The server offered it itself, and the client saw what stands in its place.
    const offers = form({ type: 'string', enum: [world.email, 'another'] })
    expect(filled(world, content, aboutForm(era, offers))).toEqual({ email: EMAIL })
    expect(filled(world, content, aboutForm(era, form({ type: 'string', enum: ['another'] })))).toBeUndefined()
  })

  it('is hidden in the reply of the call that asked, however short its value', () => {
    using world = setUp()
    const ann = world.standIn('Ann')
    const call = {}
    expect(filled(world, { email: ann }, { call })).toEqual({ email: 'Ann' })
    const result = { content: [{ type: 'text', text: 'No Ann here' }] }
    expect(world.shown(result, { call })).toContain(`No ${ann} here`)
    expect(world.shown(result, { call: {} })).toContain('No Ann here')
  })
})

describe('a sink in forms', () => {
  it('is none in an answer that is no form', () => {
    using world = setUp()
    const answer = { role: 'assistant', model: 'm', content: { type: 'text', text: world.email, email: world.email } }
    const message = encodeUtf8(JSON.stringify({ jsonrpc: '2.0', id: 1, result: answer }))
    expect(world.passage({ method: '(answer)' }).outbound(message)).toMatchObject({ kind: 'refused', fault: 'sink' })
  })

  it('is none in the arguments of the tool', () => {
    using world = setUp()
    const params = { name: 'find', arguments: { email: world.email } }
    const message = encodeUtf8(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
    expect(world.passage(aboutForm('modern')).outbound(message)).toMatchObject({ kind: 'refused', fault: 'sink' })
  })
})

describe.each(ERAS)('what is filled in and must not go out: %s', (era) => {
  const masked = (email: JsonObject, value: unknown = EMAIL, required: string[] = []): unknown => {
    using world = setUp()
    const schema = { type: 'object', properties: { email }, required }
    const outbound = world
      .passage({ ...aboutForm(era, schema), arguments: REDACTED })
      .outbound(encodeUtf8(fill(era, { email: value })))
    if (outbound.kind === 'refused') expect(outbound).toMatchObject({ why: 'schema-impossible' })
    return sent(outbound, era)
  }

  it('is written as the field takes it', () => {
    expect(masked({ type: 'string' })).toEqual({ email: 'redacted:email' })
    expect(masked({ type: 'string', format: 'email' })).toEqual({ email: expect.stringMatching(/@mask\.invalid$/) })
    expect(masked({ type: 'string', minLength: 20, maxLength: 24 })).toEqual({
      email: expect.stringMatching(/^.{20,24}$/),
    })
    expect(masked({ type: 'string', pattern: '^[a-z.]+@' })).toEqual({
      email: expect.stringMatching(/^[a-z.]+@/),
    })
  })

  it('is left out where it is one of few, or refused where it must be there', () => {
    expect(masked({ type: 'string', enum: [EMAIL, 'another'] })).toEqual({})
    expect(masked({ type: 'string', enum: [EMAIL, 'another'] }, EMAIL, ['email'])).toBeUndefined()
  })

  it('is a number where the field takes one', () => {
    const card = Number(['4111', '1111', '1111', '1111'].join(''))
    expect(masked({ type: 'integer', minimum: 4_000_000_000_000_000 }, card)).not.toEqual({ email: card })
  })
})
