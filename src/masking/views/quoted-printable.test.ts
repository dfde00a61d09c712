import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { Finder } from '../../../test/support/masking/finder.ts'
import { openMasker, seenOf } from '../../../test/support/masking/passages.ts'

const BYTES = 262_144
const finder = new Finder()
const HEADER = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n'
const CARD = ['4111', '1111', '1111', '1111'].join('')
const PASSWORD = ['maple', '4821'].join('')
/** As long as a line may be, with what is behind it. */
const filled = (text: string) =>
  `${'so that the line gets long, and is cut in the middle of a word'.slice(text.length - 75)} ${text}`

/** What a client sees of a text, of JSON with it, and of JSON in JSON. */
function shown(text: string): string[] {
  using world = openMasker()
  return [text, JSON.stringify({ body: text }), JSON.stringify({ raw: JSON.stringify({ body: text }) })].map((one) => {
    const result = { content: [{ type: 'text', text: one }] }
    const [seen] = seenOf(world.passage(), [JSON.stringify({ jsonrpc: '2.0', id: 1, result })])
    return JSON.parse(seen?.text ?? '').result.content[0].text
  })
}

describe('what stands in the source of a mail', () => {
  it.each([
    [`${HEADER}write to erika.muster=40example.com`, ['erika.muster']],
    [`${HEADER}write to erika.mus=\r\nter@example.com`, ['erika', 'ter@example']],
    [`${HEADER}write to erika.mus=\nter@exam=\nple.com.`, ['erika', 'ter@', 'ple.com']],
    [`${HEADER}write to erika.mus= \t\r\nter@example.com`, ['erika', 'ter@example']],
    [`${HEADER}card ${CARD.slice(0, 7)}=\r\n${CARD.slice(7)}.`, [CARD.slice(0, 7), CARD.slice(7)]],
    [
      `${HEADER}password=3D${PASSWORD.slice(0, 4)}=\r\n${PASSWORD.slice(4)}\r\n`,
      [PASSWORD.slice(0, 4), PASSWORD.slice(4)],
    ],
    [`${HEADER}password: ${PASSWORD}=21\r\n`, [PASSWORD, '=21']],
    [`${filled('erika.mus')}=\r\nter@example.com is hers`, ['erika', 'ter@example']],
    [`${filled(CARD.slice(0, 7))}=\n${CARD.slice(7)}`, [CARD.slice(0, 7), CARD.slice(7)]],
    [`first line\r\n${filled('password: map')}=\r\n${PASSWORD.slice(3)} it is`, ['map', PASSWORD.slice(3)]],
  ])('is hidden: %j', (text, values) => {
    for (const one of shown(text)) for (const value of values) expect(one).not.toContain(value)
  })

  it('is as it was where there is nothing to hide', () => {
    const text = `${HEADER}Gr=C3=BC=C3=9Fe und so wei=\r\nter, 1 =3D 1`
    expect(shown(text)[0]).toBe(text)
  })
})

it.each([
  `KEY=\n${CARD.slice(0, 8)}`,
  `${'='.repeat(70)}\nheading`,
  `a=\n${CARD.slice(8)}`,
  `const erika.mus=\nter`,
  'it may be quoted-printable',
  `${filled('A')}=\n${filled('B')}=\n`,
])('%j is none, or holds nothing', (text) => {
  expect(finder.anything(text)).toEqual([])
})

it('costs time in proportion', () => {
  for (const unit of ['=\n', '=\\\\', `${'a'.repeat(70)}=\n`, '=\\n', 'quoted-printable', `${'a=3D'.repeat(17)}=\n`])
    expect(cpuMs(() => finder.anything(HEADER + unit.repeat(BYTES / unit.length)))).toBeLessThan((8 * BYTES) / 1_024)
})
