import { instant, type Makers } from './business-leaf.ts'
import { luhn } from './checks.ts'
import type { Chance } from './random.ts'

/** Digits with the check digit of GS1 behind them: weights 3 and 1 from the right. */
function gs1(body: string): string {
  const total = Array.from(body)
    .toReversed()
    .reduce((sum, digit, i) => sum + Number(digit) * (i % 2 === 0 ? 3 : 1), 0)
  return body + String((10 - (total % 10)) % 10)
}

/** Prefixes of GS1 in Germany, France, Britain, the Netherlands, Italy, Spain, Sweden, Japan, China and Korea. */
const GS1_PREFIXES = [
  '400',
  '404',
  '426',
  '300',
  '340',
  '500',
  '506',
  '871',
  '800',
  '841',
  '731',
  '490',
  '690',
  '692',
  '880',
] as const

function isbn10(chance: Chance): string {
  const body = chance.pick(['0', '1', '3', '2', '88', '84']) + chance.digits(8)
  const nine = body.slice(0, 9)
  const sum = Array.from(nine).reduce((all, digit, i) => all + (10 - i) * Number(digit), 0)
  const check = (11 - (sum % 11)) % 11
  return nine + (check === 10 ? 'X' : String(check))
}

/** Universal Postal Union, S10: weights 8 6 4 2 3 5 9 7. */
function postal(chance: Chance): string {
  const body = chance.digits(8)
  const sum = [8, 6, 4, 2, 3, 5, 9, 7].reduce((all, weight, i) => all + weight * Number(body.charAt(i)), 0)
  const rest = 11 - (sum % 11)
  return `${chance.pick(['RR', 'CP', 'LX', 'EE'])}${body}${rest === 10 ? 0 : rest === 11 ? 5 : rest}${chance.pick(['DE', 'FR', 'CN', 'US'])}`
}

function withLuhn(body: string): string {
  return body + String([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((digit) => luhn(body + String(digit))) ?? 0)
}

const year = (chance: Chance): string => new Date(instant(chance)).toISOString().slice(0, 4)
const grouped = (digits: string): string => digits.replaceAll(/(\d{4})(?=\d)/g, '$1 ')

/** Goods, orders, parcels and money. */
export const SHOP: Makers = {
  ean_13: (c) => gs1(c.pick(GS1_PREFIXES) + c.digits(9)),
  ean_13_number: (c) => Number(gs1(c.pick(GS1_PREFIXES) + c.digits(9))),
  ean_8: (c) => gs1(c.pick(GS1_PREFIXES) + c.digits(4)),
  upc: (c) => gs1(c.pick(['0', '0', '0', '1', '6', '7', '8']) + c.digits(10)),
  gtin_14: (c) =>
    gs1(
      c.pick(['0', '0', '0', '0', '0', '0', '1', '1', '1', '2', '2', '3', '4', '5']) +
        c.pick(GS1_PREFIXES) +
        c.digits(9),
    ),
  isbn_10: isbn10,
  isbn_13: (c) => gs1(c.pick(['978', '978', '978', '979']) + c.digits(9)),
  isbn_13_dashes: (c) => gs1(`978${c.digits(9)}`).replace(/(\d{3})(\d)(\d{4})(\d{4})(\d)/, '$1-$2-$3-$4-$5'),
  imei_like: (c) => withLuhn(c.pick(['35', '86', '01', '99']) + c.digits(12)),
  sku: (c) => c.shaped(c.pick(['AAA-9999-AA', 'AA9999', 'AAA-AA-99', '999999', '99-9999-999', 'X{8}', 'AAAA-99-A'])),
  asin: (c) => c.shaped('B0X{8}'),
  part_number: (c) => c.shaped(c.pick(['AA99-9999A', '999-99999-99', 'A999999999', '99999-A9', 'AAA99A99'])),
  lot: (c) => c.shaped(c.pick(['L99999', 'LOT9999A', '99A999', '9999999'])),
  serial_number: (c) => c.shaped(c.pick(['X{10}', 'X{12}', 'AAA99999999', '999999999'])),
  order_number: (c) =>
    c
      .pick([
        `SO-${year(c)}-999999`,
        '#99999',
        '999-9999999-9999999',
        '9999999999',
        `${year(c)}999999`,
        'A99999999',
        '999999999',
      ])
      .replaceAll(/9+/g, (n) => c.digits(n.length)),
  invoice_number: (c) =>
    c
      .pick([`INV-${year(c)}-99999`, `RE${year(c)}9999`, 'F-999999', '99999999', `${year(c)}/99999`])
      .replaceAll(/9+/g, (n) => c.digits(n.length)),
  tracking_ups: (c) => c.shaped('1ZX{6}99999999'.replace('99999999', '9{10}')),
  tracking_fedex: (c) => c.digits(c.pick([12, 12, 15])),
  tracking_usps: (c) => {
    const digits = `9${c.pick(['400', '205', '361'])}${c.digits(18)}`
    return c.below(5) === 0 ? grouped(digits) : digits
  },
  tracking_dhl: (c) => c.pick(['9{10}', 'JJD019{16}', '003404349{12}']).replaceAll(/9\{\d+\}/g, (one) => c.shaped(one)),
  tracking_post: postal,
  container_number: (c) => c.shaped(`${c.pick(['MSKU', 'TGHU', 'CMAU'])}9{7}`),
  customs_code: (c) => c.shaped(c.pick(['9999.99', '999999', '9999 99 99', '99999999'])),
  isin: (c) => c.shaped(`${c.pick(['US', 'DE', 'FR'])}X{9}9`),
  lei: (c) => c.shaped('9{4}00X{12}99'),
  price: (c) => Number(`${c.between(0, 10 ** c.between(1, 4))}.${c.digits(2)}`),
  price_text: (c) =>
    c
      .pick(['$9,999.99', '99,99 €', '9.999,99 EUR', 'USD 99.99', '£9.99', '999.00'])
      .replaceAll(/9+/g, (n) => c.digits(n.length)),
  cents: (c) => c.between(0, 10 ** c.between(3, 7)),
  quantity: (c) => c.between(0, 500),
  percent: (c) => c.pick([() => `${c.between(0, 100)}%`, () => `${c.between(0, 99)}.${c.digits(1)} %`])(),
  weight: (c) => `${c.between(0, 99)}.${c.digits(c.between(1, 3))} ${c.pick(['kg', 'g', 'lb'])}`,
  dimensions: (c) => `${c.between(1, 200)} x ${c.between(1, 200)} x ${c.between(1, 200)} ${c.pick(['mm', 'cm', 'in'])}`,
  currency: (c) => c.pick(['EUR', 'USD', 'GBP', 'JPY', 'SEK']),
  country: (c) => c.pick(['DE', 'FR', 'US', 'GB', 'JP', 'SE', 'BR']),
  rating: (c) => Number(`${c.between(1, 4)}.${c.digits(1)}`),
}
