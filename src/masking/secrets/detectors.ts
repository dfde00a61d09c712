import type { WordDetector } from '../find/finding.ts'
import { prefixDetector } from './prefix.ts'
import { BUSINESS_RULES } from './prefix-rules-business.ts'
import { CLOUD_RULES } from './prefix-rules-cloud.ts'
import { CODE_RULES } from './prefix-rules-code.ts'

export const SECRET_DETECTORS: readonly WordDetector[] = [prefixDetector([...CLOUD_RULES, ...CODE_RULES, ...BUSINESS_RULES])]
