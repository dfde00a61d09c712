import { Scanners } from '../../src/masking/scanners.ts'
import { sensitiveFinder } from '../../src/masking/sensitive.ts'
import type { FindSensitive } from '../../src/policy/inspect.ts'

/** Looks for the kinds that are built in. */
export const findSensitive: FindSensitive = sensitiveFinder(new Scanners([]), [])
