/** Countries by calling code (ITU-T E.164), with the most digits that a number has there, the code included. */
const LONGEST: Readonly<Record<number, number>> = {
  1: 11, 7: 11, 20: 12, 27: 11, 30: 12, 31: 11, 32: 11, 33: 11, 34: 11, 36: 11, 39: 13, 40: 11, 41: 11,
  43: 15, 44: 12, 45: 10, 46: 12, 47: 10, 48: 11, 49: 15, 51: 11, 52: 13, 53: 10, 54: 13, 55: 13, 56: 11,
  57: 12, 58: 12, 60: 12, 61: 11, 62: 14, 63: 12, 64: 12, 65: 10, 66: 11, 81: 12, 82: 12, 84: 12, 86: 13,
  90: 12, 91: 12, 92: 12, 93: 11, 94: 11, 95: 12, 98: 12,
}
/** Codes of three digits, by their first two: the third digits that are given out. */
const THIRD_DIGITS: Readonly<Record<number, string>> = {
  21: '123678', 22: '0123456789', 23: '0123456789', 24: '0123456789', 25: '012345678', 26: '0123456789',
  29: '01789', 35: '0123456789', 37: '0123456789', 38: '0123567899', 42: '013', 50: '0123456789',
  59: '0123456789', 67: '02345679', 68: '0123456789', 69: '012', 80: '08', 85: '02356', 87: '0138',
  88: '01236', 96: '01234567', 97: '0123456789', 99: '234568',
}
const LONGEST_OF_THREE = 13

/** The most digits, code included, that a number with these first digits has; undefined where no country has the code. */
export function longestNumber(first: number, second: number, third: number): number | undefined {
  if (first === 1 || first === 7) return LONGEST[first]
  const two = first * 10 + second
  return LONGEST[two] ?? (THIRD_DIGITS[two]?.includes(String(third)) === true ? LONGEST_OF_THREE : undefined)
}
