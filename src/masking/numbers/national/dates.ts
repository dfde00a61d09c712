const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Whether the calendar has the day. */
export function isDay(year: number, month: number, day: number): boolean {
  const days = DAYS[month - 1]
  if (days === undefined || day < 1 || day > days) return false
  return month !== 2 || day < 29 || isLeapYear(year)
}

/** Whether it is a day in 19yy or in 20yy. */
export function isDayOfYearInShort(year: number, month: number, day: number): boolean {
  return isDay(1900 + year, month, day) || isDay(2000 + year, month, day)
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
