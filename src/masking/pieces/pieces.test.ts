import { describe, expect, it } from 'vitest'
import { logged, openMasker, progress, seenOf, wordsOf } from '../../../test/support/masking/passages.ts'
import type { Terms } from '../rule-set.ts'

const CARD = ['4111', '1111', '1111', '1111'].join(' ')
const KEY = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('')

function shown(events: readonly string[], options: Parameters<typeof openMasker>[0] & { results?: Terms[] } = {}) {
  using world = openMasker(options)
  const seen = seenOf(world.passage({ results: options.results ?? [] }), events)
  return { words: seen.map(wordsOf), evidence: seen.map(({ evidence }) => evidence), seen }
}

describe('a value that comes in pieces', () => {
  it.each([
    ['a card', ['paid with 4111 1111', ' 1111 1111 today'], 'redacted:credit_card today'],
    ['an address', ['mail joe', '@example.com now'], 'redacted:email now'],
    ['a secret', [`key ${KEY.slice(0, 9)}`, `${KEY.slice(9)}.`], 'redacted:secret.'],
    ['a password behind its name', ['password=', 'hunter2hunter2'], 'redacted:password'],
    ['a number behind its name', ['SSN: ', '078051123'], 'redacted:us_ssn'],
  ])('is found where it is %s, over two messages of progress or of the log', (_, [first = '', second = ''], rest) => {
    expect(shown([progress(first), progress(second)]).words).toEqual([first, rest])
    expect(shown([logged(first), logged(second)]).words).toEqual([first, rest])
  })

  it('is found in the members of what is logged, and a number stays one', () => {
    const { words } = shown([
      logged({ a: { note: 'joe@exam' }, n: 41111111 }),
      logged({ n: 11111111, a: { note: 'ple.com' } }),
    ])
    expect(words[1]).toEqual({ n: 0, a: { note: 'redacted:email' } })
  })

  it('is found in the elements of one list that is logged', () => {
    expect(shown([logged(['4111 1111', ' 1111 1111'])]).words).toEqual([['4111 1111', 'redacted:credit_card']])
  })

  it('is found between messages of other calls on the same stream', () => {
    const { words } = shown([progress('4111 1111', 1), progress('half done', 2), progress(' 1111 1111', 1)])
    expect(words).toEqual(['4111 1111', 'half done', 'redacted:credit_card'])
  })

  it('is found where the names of the message are written with escapes', () => {
    const second = progress(' 1111 1111').replace('notifications', String.raw`notif\u0069cations`)
    expect(shown([progress('4111 1111'), second]).words[1]).toBe('redacted:credit_card')
  })

  it('is hidden to its end, wherever that is', () => {
    const [begin, line, end] = [
      '-----BEGIN PRIVATE KEY-----\n',
      'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n',
      '-----END PRIVATE KEY-----',
    ]
    const { words } = shown(
      [begin + line.repeat(20), line.repeat(20), line.repeat(5) + end, 'all is done'].map((text) => progress(text)),
    )
    expect(words.join('\n')).not.toContain('MIIEvQ')
    expect(words.at(-1)).toBe('all is done')
  })

  it("is found where it is the connection's own credential", () => {
    const { words, evidence } = shown([progress('token made-up-bureau'), progress('-key-4711 taken')], {
      credential: 'made-up-bureau-key-4711',
    })
    expect(words).toEqual(['token made-up-bureau', 'redacted:credential'])
    expect(evidence[1]).toMatchObject({ counts: { credential: { redact: 1 } }, pieces: 1 })
  })

  it('is counted, and said to have come in pieces', () => {
    const { evidence } = shown([progress('4111 1111'), progress(' 1111 1111')])
    expect(evidence).toEqual([
      undefined,
      expect.objectContaining({ counts: { credit_card: { redact: 1 } }, pieces: 1, verified: 'passed' }),
    ])
  })

  it('blocks the message where a rule says so, and passes where it says that', () => {
    const events = [progress('joe@exam'), progress('ple.com')]
    expect(shown(events, { results: [{ entities: ['email'], with: 'allow' }] }).words).toEqual(['joe@exam', 'ple.com'])
    expect(() => shown(events, { results: [{ entities: ['email'], with: 'block' }] })).toThrow(/email/)
  })
})

describe('what is no value in pieces', () => {
  it('is left alone, byte for byte', () => {
    const events = [
      progress('step 1 of 20'),
      progress('step 2 of 20'),
      progress('42'),
      logged({ level: 3, text: 'begin', ids: [1, 2, 3] }),
      logged('order 20260102'),
      logged('1234 rows'),
      '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"1111 1111"}]}}',
      ' { "id" : 2 , "jsonrpc":"2.0","result":{"message":"ple.com"}}',
    ]
    expect(shown(events).seen.map(({ text }) => text)).toEqual(events)
  })

  it('is a sentence after an address that was hidden', () => {
    const { words } = shown([progress('mail to joe@example.com'), progress('Fetching 12 rows')])
    expect(words).toEqual([expect.stringMatching(/^mail to sur_email_/), 'Fetching 12 rows'])
  })

  it('is a whole value after another text: it has its stand-in', () => {
    const { words } = shown([progress('mail to joe'), progress('joe@example.com')])
    expect(words[1]).toMatch(/^sur_email_[0-9a-z]{18}$/)
  })

  it('is what two streams say, for neither knows of the other', () => {
    using world = openMasker()
    const [first, second] = [world.passage(), world.passage()]
    expect(seenOf(first, [progress('4111 1111')]).map(wordsOf)).toEqual(['4111 1111'])
    expect(seenOf(second, [progress(' 1111 1111')]).map(wordsOf)).toEqual([' 1111 1111'])
  })
})

const result = (texts: readonly string[]) => ({
  jsonrpc: '2.0',
  id: 1,
  result: { content: texts.map((text) => ({ type: 'text', text })) },
})

function textsIn(message: string): string[] {
  return (JSON.parse(message) as ReturnType<typeof result>).result.content.map(({ text }) => text)
}

function blocks(texts: readonly string[], space?: string) {
  using world = openMasker()
  const written = JSON.stringify(result(texts))
  const event =
    space === undefined ? written : written.replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll(',{', ', {')
  return seenOf(world.passage(), [event]).map(({ text, evidence }) => ({ texts: textsIn(text), evidence }))[0]
}

describe('blocks of text of one result', () => {
  it('hide a value that begins in one and goes on in the next, in all of them', () => {
    expect(blocks(['paid with 4111 1111', ' 1111 1111 today'])).toEqual({
      texts: ['paid with redacted:credit_card', 'redacted:credit_card today'],
      evidence: expect.objectContaining({ pieces: 1 }),
    })
    expect(blocks(['see joe', '@exam', 'ple.com'])?.texts).toEqual([
      'see redacted:email',
      'redacted:email',
      'redacted:email',
    ])
    expect(blocks(['see joe@exam', 'ple.com'], ' ')?.texts).toEqual(['see redacted:email', 'redacted:email'])
  })

  it('keep their whole values apart', () => {
    const texts = blocks(['joe@example.com', 'Phone: none', 'n\n', '4111 was the room'])?.texts
    expect(texts).toEqual([
      expect.stringMatching(/^sur_email_[0-9a-z]{18}$/),
      'Phone: none',
      'n\n',
      '4111 was the room',
    ])
  })

  it('end at what stands between them, and where a text ends with an escape', () => {
    expect(blocks(['a "4111 1111"', ' 1111 1111', CARD])?.texts.slice(0, 2)).toEqual(['a "4111 1111"', ' 1111 1111'])
    expect(blocks(['joe@exam\n', 'ple.com'])?.texts).toEqual(['joe@exam\n', 'ple.com'])
  })
})
