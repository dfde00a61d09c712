import type { Groups } from './groups.ts'

const SPACE = 0x20
const NINE = 0x39
/** United States Postal Service, intelligent mail: 22 digits that begin with a nine, five groups of four and one of two. */
const PARCEL_SIZES: readonly number[] = [4, 4, 4, 4, 4, 2]

/** Whether a group is one of a parcel's number that is written with spaces: groups of four, and so are those of a card. */
export function isInParcel(bytes: Uint8Array, groups: Groups, group: number): boolean {
  let first = group
  while (first > 0 && group - first < PARCEL_SIZES.length && groups.separator(first) === SPACE) first--
  if (bytes[groups.start(first)] !== NINE) return false
  const isWritten = PARCEL_SIZES.every(
    (size, i) => groups.size(first + i) === size && (i === 0 || groups.separator(first + i) === SPACE),
  )
  return isWritten && groups.separator(first + PARCEL_SIZES.length) === 0
}
