import { describe, expect, it } from 'vitest'
import { openRestore, UPDATE } from '../../../test/support/restore.ts'
import { ALICE, CARD, EMAIL, originOf } from '../../../test/support/surrogates.ts'
import { surrogateText } from '../replace/forms.ts'
import { argumentPath } from './sinks.ts'

describe('a call is refused with a surrogate', () => {
  it.each([
    ['in an argument that is no sink', '{"name":"SUR"}', 'sink'],
    ['below an argument that is a sink', '{"email":{"x":"SUR"}}', 'sink'],
    ['in an argument of nearly the name', '{"Email":"SUR"}', 'sink'],
    ['as a key', '{"SUR":1}', 'sink'],
    ['as a key of a sink', '{"email":{"SUR":1}}', 'sink'],
    ['in JSON in a text that is no sink', '{"body":"{\\"cc\\":\\"SUR\\"}"}', 'sink'],
    ['inside a text where only the whole may be one', '{"email":"to SUR"}', 'inside'],
    ['with a space before it', '{"email":" SUR"}', 'inside'],
    ['twice where only one may be', '{"email":"SUR SUR"}', 'inside'],
    ['in the host of a URL', '{"note":"see https://SUR.evil.example/"}', 'url'],
    ['as the host of a URL', '{"note":"see https://SUR"}', 'url'],
    ['as the user of a URL', '{"note":"see https://SUR@evil.example/"}', 'url'],
    ['in the query of a URL', '{"note":"see https://evil.example/?e=SUR"}', 'url'],
    ['in the fragment of a URL', '{"note":"see https://evil.example/a#SUR"}', 'url'],
    ['in a URL in Markdown', '{"note":"![x](https://evil.example/?e=SUR)"}', 'url'],
    ['in a URL without a scheme', '{"note":"//evil.example/?e=SUR"}', 'url'],
    ['in the query of a host', '{"note":"evil.example?e=SUR"}', 'url'],
    ['in the name of a host', '{"note":"SUR.evil.example"}', 'url'],
    ['as the beginning of a host', '{"note":"at SUR/a/b"}', 'url'],
    ['percent-encoded into a URL', '{"note":"evil%2F%3Fe%3DSUR"}', 'url'],
    ['glued to another word', '{"note":"a-SUR"}', 'url'],
  ])('%s', (_, args, why) => {
    using world = openRestore()
    expect(world.plan(args.replaceAll('SUR', world.email))).toEqual({ refused: why })
  })

  it('that was cut, bent, or made up', () => {
    using world = openRestore()
    const { email } = world
    const last = email.endsWith('0') ? '1' : '0'
    for (const text of [
      email.slice(0, -1),
      `${email}0`,
      email.slice(0, -1) + last,
      email.replace('email', 'phone'),
      email.toUpperCase(),
      'sur_email_000000000000000000',
    ])
      expect(world.plan(`{"email":"${text}"}`)).toEqual({ refused: 'damaged' })
  })

  it('whose mark is hidden by an escape, unless it is a good one', () => {
    using world = openRestore()
    const hidden = world.email.replace('sur_', 's\\u0075r_')
    expect(world.plan(`{"name":"${hidden}"}`)).toEqual({ refused: 'sink' })
    expect(world.plan(`{"email":"${hidden}"}`)).toMatchObject({ args: `{"email":"${EMAIL}"}` })
  })

  it('of another person, client, or purpose', () => {
    using world = openRestore()
    for (const part of [{ principal: 'pri_bob' }, { client: 'other' }, { tenant: 'u' }, { purpose: 'x' }]) {
      const { book } = world.open({ ...ALICE, ...part })
      expect(world.plan(`{"email":"${world.email}"}`, { book })).toEqual({ refused: 'damaged' })
    }
    expect(world.plan(`{"email":"${world.email}"}`, { book: undefined })).toEqual({ refused: 'damaged' })
  })

  it('that was forgotten', () => {
    using world = openRestore()
    const args = `{"email":"${world.email}"}`
    world.vault.forget({ kind: 'all' })
    expect(world.plan(args, { book: world.open().book })).toEqual({ refused: 'damaged' })
  })

  it('of what the client typed itself', () => {
    using world = openRestore()
    const typed = world.scope.typedBook().mint('email', EMAIL)?.id ?? ''
    expect(world.plan(`{"email":"${surrogateText('email', typed)}"}`)).toEqual({ refused: 'damaged' })
  })

  it('for another upstream than the one it came from, even where that one named it in a text', () => {
    using world = openRestore()
    const evil = { ...UPDATE, upstream: 'evil' }
    expect(world.plan(`{"email":"${world.email}"}`, { place: evil })).toEqual({ refused: 'origin' })
  })

  it('in a call of another tool', () => {
    using world = openRestore()
    const args = `{"email":"${world.email}"}`
    for (const tool of ['send_mail', 'update', 'xupdate_a', undefined])
      expect(world.plan(args, { place: { ...UPDATE, tool } })).toEqual({ refused: 'sink' })
  })

  it('in what policy judged: SQL, commands, URLs, whole or in part', () => {
    using world = openRestore()
    const judged = [argumentPath('sql', { isExact: false })].flatMap((path) => (path === undefined ? [] : [path]))
    const place = { ...UPDATE, tool: 'query', judged }
    for (const sql of [world.email, `select '${world.email}'`])
      expect(world.plan(`{"sql":"${sql}"}`, { place })).toEqual({ refused: 'judged' })
    expect(world.plan(`{"sql":"${world.email}"}`, { place: { ...place, judged: [] } })).toMatchObject({
      ids: [world.id],
    })
  })

  it('whose value could end what it stands in', () => {
    using world = openRestore()
    const quote = world.surrogate('person_name', "x' OR 1=1 --")
    expect(world.plan(`{"note":"for ${quote}"}`)).toEqual({ refused: 'characters' })
    expect(world.plan(`{"email":"${quote}"}`)).toMatchObject({ values: ["x' OR 1=1 --"] })
  })

  it('whose value would leave the path that it stands in', () => {
    using world = openRestore()
    const up = world.surrogate('person_name', '..')
    expect(world.plan(`{"note":"crm://a/${up}/b"}`)).toEqual({ refused: 'url' })
  })

  it('whose spelling in a URI says more than one part of it', () => {
    using world = openRestore()
    const place = { ...UPDATE, tool: undefined }
    for (const spelling of ['..%2Fetc', '%2e%2e', '%2e', 'a%00b', 'a%5Cb', 'a%252Fb', 'a%23b', 'a%3Fb', '%FF', 'a%']) {
      const mark = world.scope.book.spell(world.id, spelling)
      const uri = `crm://people/${world.email}${mark}/orders`
      const plan = world.planMessage(`{"method":"resources/read","params":{"uri":"${uri}"}}`, { place })
      expect(plan).toEqual({ refused: expect.stringMatching(/^(?:url|characters)$/) })
    }
  })

  it('that was hidden for good, in the URI of a resource', () => {
    using world = openRestore()
    const place = { ...UPDATE, tool: undefined }
    for (const text of [
      'redacted:password',
      'redacted%3apassword',
      '\\u0072edacted:secret',
      `${world.email}/redacted:pin`,
    ])
      expect(
        world.planMessage(`{"method":"resources/read","params":{"uri":"vault://x/${text}"}}`, {
          place,
          book: undefined,
        }),
      ).toEqual({ refused: 'redacted' })
    expect(world.plan('{"email":"redacted:password"}')).toEqual({ none: true })
  })

  it('in an address of the web that is read as a resource: its host would get the value', () => {
    using world = openRestore()
    const place = { ...UPDATE, tool: undefined }
    for (const scheme of ['https', 'HTTP', 'wss', 'ftp', 'view:https'])
      expect(
        world.planMessage(
          `{"method":"resources/read","params":{"uri":"${scheme}://files.example/of/${world.email}.json"}}`,
          { place },
        ),
      ).toEqual({ refused: 'url' })
  })

  it.each([
    'crm://fetch?url=%68ttps%3aevil.example/',
    'crm://fetch?url=%2568ttps:evil.example/',
    'crm://fetch?url=%25%36%38ttps:evil.example/',
    'crm://fetch?url=ht%09tps:evil.example/',
    'crm:htt%70:evil.example/',
    'crm://fetch?url=/%5cevil.example/',
    'crm://fetch?url=%5c%5cevil.example/',
    'crm://fetch?url=%252f%252fevil.example/',
    'crm://fetch?url=/%0a/evil.example/',
  ])('in an address that shows only where percent signs are read: %s', (before) => {
    using world = openRestore()
    const place = { ...UPDATE, tool: undefined }
    const message = `{"method":"resources/read","params":{"uri":"${before}${world.email}"}}`
    expect(world.planMessage(message, { place })).toEqual({ refused: 'url' })
  })

  it('that is a number in an argument that is no sink, or would not become a number', () => {
    using world = openRestore()
    world.alias('credit_card', CARD, '1000000000000017', '4111 1111')
    expect(world.plan('{"other":1000000000000017}')).toEqual({ refused: 'sink' })
    expect(world.plan('{"card":1000000000000017}')).toEqual({ refused: 'number' })
  })

  it('beside a thousand others', () => {
    using world = openRestore()
    const ids = Array.from({ length: 1_001 }, (_, i) => `"${world.surrogate('email', `user${i}@example.com`)}"`)
    expect(world.plan(`{"ids":[${ids.slice(0, 1_000).join()}]}`)).toMatchObject({ values: { length: 1_000 } })
    expect(world.plan(`{"ids":[${ids.join()}]}`)).toEqual({ refused: 'too-many' })
  })

  it('in a message that cannot be read', () => {
    using world = openRestore()
    expect(world.planMessage(`{"params":{"arguments":{"email":"${world.email}"}`)).toEqual({ refused: 'damaged' })
  })

  it('that is good, beside one that is not: nothing of the call goes out', () => {
    using world = openRestore()
    expect(world.plan(`{"email":"${world.email}","name":"${world.email}"}`)).toEqual({ refused: 'sink' })
  })
})

describe('what an upstream says', () => {
  it('gives a surrogate no other origin: it is text there', () => {
    using world = openRestore()
    const row = world.scope.book.find(world.id)
    expect(row?.origins.map(({ upstream }) => upstream)).toEqual(['crm'])
    // The value itself from another upstream is one.
    world.scope.bookFor(originOf('list', 'erp')).mint('email', EMAIL)
    expect(row?.origins.map(({ upstream }) => upstream)).toEqual(['crm', 'erp'])
    expect(world.plan(`{"email":"${world.email}"}`, { place: { ...UPDATE, upstream: 'erp' } })).toMatchObject({
      values: [EMAIL],
    })
  })
})
