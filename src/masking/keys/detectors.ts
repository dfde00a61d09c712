import type { WordDetector } from '../find/finding.ts'
import { keyDetector } from './key-values.ts'

/** Detectors of values by the names beside them: keys, siblings, columns, in JSON and in text. */
export function keyDetectors(): readonly WordDetector[] {
  return [keyDetector()]
}
