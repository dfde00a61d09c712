import { PLATES } from './plates.ts'
import { REGISTERS_AND_POSTCODES } from './places.ts'
import type { ShapeRule } from './shape-rule.ts'

/** Number plates, postcodes and register numbers. */
export const NATIONAL_SHAPES: readonly ShapeRule[] = [...PLATES, ...REGISTERS_AND_POSTCODES]
