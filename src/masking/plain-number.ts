const SPELLED = /^(-?)(\d+)(?:\.(\d+))?[Ee]([+-]?\d{1,3})$/
/** Longer numbers are nobody's. */
const DIGITS_MAX = 32

/** The digits of a whole number that is written with an exponent: `4.1e3` is 4100. Undefined for all others. */
export function plainNumber(text: string): string | undefined {
  const parts = SPELLED.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts
  const digits = `${whole}${fraction}`
  const places = Number(exponent) - fraction.length
  if (digits.length + Math.abs(places) > DIGITS_MAX) return undefined
  const left = places < 0 ? digits.slice(0, places) : digits.padEnd(digits.length + places, '0')
  const dropped = places < 0 ? digits.slice(places) : ''
  if (/[1-9]/.test(dropped)) return undefined
  return `${sign}${left.replace(/^0+(?=\d)/, '') || '0'}`
}
