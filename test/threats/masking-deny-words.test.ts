// A word such as "order" beside a number says that it is no card, and whoever pays for an order writes the card beside that
// very word. So only the name of the number itself may say so, and never of a number that is written as cards are.
import { describe, expect, it } from 'vitest'
import { maskMessage } from '../../src/masking/engine.ts'
import { makeRuleSet } from '../../src/masking/rule-set.ts'
import { Scanners } from '../../src/masking/scanners.ts'
import { Finder } from '../support/masking/finder.ts'
import { inGroups, seeded, withLuhn } from '../support/masking/values.ts'

const finder = new Finder()
const CARD = withLuhn(seeded(20), '4', 16)
const inFours = (separator: string): string => inGroups(CARD, [4, 4, 4, 4], separator)
const found = (text: string): string[] =>
  finder.anything(text).flatMap(({ entity, start, end }) => (entity === 'credit_card' ? [text.slice(start, end)] : []))

const SAID = [
  'order %',
  'Order: %',
  'order no. % was paid',
  'paid order with % today',
  'invoice 17 paid by %',
  'tracking % and trace',
  'the version of the build is %',
  'serial number %',
  'Bestellung %, Rechnung folgt',
  'commande %',
  'order\n%',
  'My order, thanks\nmy number, %',
  'Dear shop,my order\nhello,here %',
]

describe('a card beside a word that speaks against it', () => {
  it.each(SAID)('is hidden in a text: %j', (text) => {
    const said = text.replace('%', CARD)
    expect(found(said)).toEqual([CARD])
    expect(found(JSON.stringify({ text: said }))).toEqual([CARD])
    expect(found(JSON.stringify({ text: JSON.stringify({ text: said }) }))).toEqual([CARD])
  })

  it.each([' ', '-', '.'])('is hidden wherever it stands when it is written in groups with "%s"', (separator) => {
    const card = inFours(separator)
    expect(found(`order ${card}`)).toEqual([card])
    expect(found(JSON.stringify({ order_id: card }))).toEqual([card])
    expect(found(`id,order_id,state\n1,${card},open`)).toEqual([card])
    expect(found(`order_id=${card} state=open`)).toEqual([card])
  })

  it.each([
    ['a text under that key', { order: `paid with ${CARD}` }],
    ['a key inside the object of that key', { order: { number: CARD } }],
    ['a key that names a card too', { order_card: CARD }],
    ['a key that names somebody too', { order_payment_account: CARD }],
    ['a key that tells of an order', { order_status: CARD }],
    ['a longer word', { recorder: CARD }],
    ['an id of nothing', { id: CARD }],
    ['a key beside it', { order_id: 17, value: CARD }],
  ])('is hidden under %s', (_, value) => {
    expect(found(JSON.stringify(value))).toEqual([CARD])
  })
})

describe('a number that its own name calls something else', () => {
  it.each([
    ['a key', JSON.stringify({ order_id: CARD })],
    ['a key of one word', JSON.stringify({ order: CARD })],
    ['a key of a number', `{"traceId":${CARD}}`],
    ['a key of a list', JSON.stringify({ order_ids: [17, CARD] })],
    ['a key in JSON in a text', JSON.stringify({ text: JSON.stringify({ rows: [{ tracking_number: CARD }] }) })],
    ['a key of the id of a thing', JSON.stringify({ transaction_id: CARD })],
    ['a column of commas', `id,order_id,state\n1,17,open\n2,${CARD},open`],
    ['a column of Markdown', `| id | order_id |\n|---|---|\n| 1 | ${CARD} |\n`],
    ['a column of psql', ` id | order_id \n----+----------\n  1 | ${CARD}\n`],
    ['a column of tabs', `id\torder_id\n1\t${CARD}`],
    ['a column in a text of JSON', JSON.stringify({ text: `id,order_id,state\n1,${CARD},open` })],
    ['a name and an equals sign', `state=open order_id=${CARD} took=3`],
    ['a name of a program', `- order_id: ${CARD}`],
  ])('is left alone by %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('is hidden all the same where a rule names cards', () => {
    expect(finder.entity(JSON.stringify({ order_id: CARD }), 'credit_card')).toHaveLength(1)
  })

  it('is hidden under that name too where it is called a card elsewhere in the message', () => {
    const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
    const message = JSON.stringify({ result: { rows: [{ order_id: CARD, note: `paid with ${CARD}` }] } })
    const masked = maskMessage(new TextEncoder().encode(message), {
      scanner: new Scanners([]).for(rules),
      rules,
      book: { mint: () => undefined, alias: () => false, hash: () => '' },
      restored: [],
      schema: undefined,
      binary: 'pass',
    })
    const text = masked.kind === 'changed' ? new TextDecoder().decode(masked.bytes) : ''
    expect(text).toContain('order_id')
    expect(text).not.toContain(CARD)
  })
})
