import { describe, expect, it } from 'vitest'
import { openRestore, UPDATE } from '../../../test/support/restore.ts'
import { CARD, EMAIL, NOW } from '../../../test/support/surrogates.ts'
import { HOUR_MS } from '../../base/units.ts'
import { emailText, uriText, uuidText } from '../replace/forms.ts'

describe('a surrogate turns back into its value', () => {
  it('where it is the whole of a declared argument', () => {
    using world = openRestore()
    const plan = world.plan(`{"email":"${world.email}","other":1}`)
    expect(plan).toEqual({ args: `{"email":"${EMAIL}","other":1}`, values: [EMAIL], ids: [world.id] })
  })

  it('in each of its shapes', () => {
    using world = openRestore()
    for (const text of [
      emailText(`s-${world.id}`),
      uriText(world.id),
      uuidText(world.id),
      uuidText(world.id).toUpperCase(),
    ])
      expect(world.plan(`{"email":"${text}"}`)).toMatchObject({ args: `{"email":"${EMAIL}"}`, ids: [world.id] })
    expect(world.plan(`{"note":"Joe <${emailText(`s-${world.id}`)}>"}`)).toMatchObject({
      args: `{"note":"Joe <${EMAIL}>"}`,
    })
  })

  it('several times and in lists, each one', () => {
    using world = openRestore()
    const card = world.surrogate('credit_card', CARD)
    const plan = world.plan(
      `{"email":"${world.email}","ids":["${card}", "x", "${world.email}"],"a":{"deep":"${card}"}}`,
    )
    expect(plan).toMatchObject({
      args: `{"email":"${EMAIL}","ids":["${CARD}", "x", "${EMAIL}"],"a":{"deep":"${CARD}"}}`,
      values: [EMAIL, CARD],
    })
  })

  it('in the spelling of the upstream, escaped as deep as it lands', () => {
    using world = openRestore()
    const name = world.surrogate('person_name', 'Ann "Q" \\ O\u2019Neil\n')
    expect(world.plan(`{"email":"${name}"}`)).toMatchObject({ args: '{"email":"Ann \\"Q\\" \\\\ O\u2019Neil\\n"}' })
    const inner = world.plan(`{"body":"{\\"to\\":\\"${name}\\"}"}`)
    expect(JSON.parse(JSON.parse(inner.args ?? '').body)).toEqual({ to: 'Ann "Q" \\ O\u2019Neil\n' })
  })

  it('as a number where a number stood for one', () => {
    using world = openRestore()
    world.alias('credit_card', CARD, '1000000000000017', `${CARD}.50`)
    expect(world.plan('{"card":1000000000000017}')).toMatchObject({
      args: `{"card":${CARD}.50}`,
      values: [`${CARD}.50`],
    })
    expect(world.plan('{"card":1000000000000017.0}')).toMatchObject({ args: `{"card":${CARD}.50}` })
  })

  it('where a text of another shape stood for it', () => {
    using world = openRestore()
    world.alias('us_ssn', '078-05-1123', '123-45-0000', undefined)
    expect(world.plan('{"email":"123-45-0000"}')).toMatchObject({ args: '{"email":"078-05-1123"}' })
    expect(world.plan('{"name":"123-45-0000"}')).toEqual({ refused: 'sink' })
  })

  it('inside a text where the sink says so', () => {
    using world = openRestore()
    const plan = world.plan(`{"note":"call ${world.email}, \\"soon\\" (${world.email})"}`)
    expect(plan).toMatchObject({ args: `{"note":"call ${EMAIL}, \\"soon\\" (${EMAIL})"}`, ids: [world.id] })
  })

  it('in path and query of a resource of the upstream itself', () => {
    using world = openRestore()
    const uri = (text: string) =>
      world.planMessage(`{"method":"resources/read","params":{"uri":"${text}"}}`, {
        place: { ...UPDATE, tool: undefined },
      })
    expect(uri(`crm://customers/${world.email}.json`).args).toContain(`crm://customers/${EMAIL}.json`)
    expect(uri(`crm://customers/?who=${world.email}&n=1`).args).toContain(`crm://customers/?who=${EMAIL}&n=1`)
    expect(uri(`crm://customers/#${world.email}`)).toEqual({ refused: 'url' })
    expect(uri(`crm://${world.email}/orders`)).toEqual({ refused: 'url' })
    const ref = `{"method":"completion/complete","params":{"ref":{"uri":"crm://c/${world.email}"}}}`
    expect(world.planMessage(ref, { place: { ...UPDATE, tool: undefined } }).args).toContain(`crm://c/${EMAIL}`)
  })

  it('in the spelling that a mark behind it says, and in its own where nothing was spelled so', () => {
    using world = openRestore()
    const spelling = EMAIL.replace('@', '%40')
    expect(world.scope.book.spell(world.id, spelling)).toBe('~1')
    const uri = (text: string) =>
      world.planMessage(`{"method":"resources/read","params":{"uri":"crm://c/${text}"}}`, {
        place: { ...UPDATE, tool: undefined },
      })
    expect(uri(`${world.email}~1`)).toMatchObject({ args: expect.stringContaining(`c/${spelling}"`), values: [EMAIL] })
    for (const other of ['~2', '~', '~11', '~x'])
      expect(uri(`${world.email}${other}`).args).toContain(`c/${EMAIL}${other}"`)
    expect(world.plan(`{"email":"${world.email}~1"}`)).toMatchObject({ args: `{"email":"${spelling}"}` })
  })

  it('in a call that may reach anybody, once a person said yes to it', () => {
    using world = openRestore()
    const args = `{"email":"${world.email}"}`
    expect(world.plan(args, { place: { ...UPDATE, isOpenWorld: true } })).toEqual({ refused: 'approval' })
    const approved = { ...UPDATE, isOpenWorld: true, isApproved: true }
    expect(world.plan(args, { place: approved })).toMatchObject({ values: [EMAIL] })
  })

  it('for another upstream of a declared group, and for no other', () => {
    using world = openRestore()
    const args = `{"email":"${world.email}"}`
    const erp = { ...UPDATE, upstream: 'erp' }
    expect(world.plan(args, { place: erp })).toEqual({ refused: 'origin' })
    expect(world.plan(args, { place: { ...erp, group: ['crm', 'erp'] } })).toMatchObject({ values: [EMAIL] })
    expect(world.plan(args, { place: { ...erp, group: ['crm', 'mail'] } })).toEqual({ refused: 'origin' })
  })

  it('until its epoch ends', () => {
    using world = openRestore()
    const args = `{"email":"${world.email}"}`
    expect(world.plan(args, { nowMs: NOW + 8 * HOUR_MS - 1 })).toMatchObject({ values: [EMAIL] })
    expect(world.plan(args, { nowMs: NOW + 8 * HOUR_MS })).toEqual({ refused: 'expired' })
  })
})

describe('a call without surrogates', () => {
  it('is left alone', () => {
    using world = openRestore()
    world.alias('credit_card', CARD, '1000000000000017', CARD)
    for (const args of ['{}', '{"email":"a@b.example","n":1000000000000018,"sur_":"sur_","u":"\\u00e9"}'])
      expect(world.plan(args)).toEqual({ none: true })
    expect(world.plan('{"email":"x"}', { book: undefined })).toEqual({ none: true })
  })
})
