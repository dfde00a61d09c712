/** Luhn's check (ISO/IEC 7812-1, annex B) over the first `count` of the digits, on top of what digits before them add up to. */
export function passesLuhn(digits: Uint8Array, count: number, sumBefore = 0): boolean {
  let sum = sumBefore
  for (let i = 0; i < count; i += 1) {
    const digit = digits[count - 1 - i] ?? 0
    const doubled = i % 2 === 1 ? 2 * digit : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
