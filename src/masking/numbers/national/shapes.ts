import { PLATES } from './plates.ts'
import { REGISTERS_AND_POSTCODES } from './places.ts'
import type { ShapeRule } from './shape-rule.ts'
import { CODES_AS_WORDS } from './words.ts'

/** Number plates, postcodes and register numbers, and ids that are looked for word by word. */
export const NATIONAL_SHAPES: readonly ShapeRule[] = [...PLATES, ...REGISTERS_AND_POSTCODES, ...CODES_AS_WORDS]
