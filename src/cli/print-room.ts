import { GIB, MIB } from '../base/units.ts'

/** `3.2 GiB`; for people. */
export function printBytesRounded(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${(bytes / MIB).toFixed(1)} MiB`
}
