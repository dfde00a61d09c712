import type { WordDetector } from '../find/finding.ts'
import { AUTHORIZATION_DETECTOR } from './authorization.ts'
import { COMMAND_LINES_DETECTOR } from './command-lines.ts'
import { CURL_DETECTOR } from './curl.ts'
import { FACEBOOK_DETECTOR } from './facebook.ts'
import { GENERIC_DETECTOR } from './generic.ts'
import { JWK_DETECTOR } from './jwk.ts'
import { JWT_DETECTOR } from './jwt.ts'
import { KUBERNETES_DETECTOR } from './kubernetes.ts'
import { nearDetector } from './near.ts'
import { NEAR_RULES, NEAR_RULES_K_TO_Z } from './near-rules.ts'
import { NETRC_DETECTOR } from './netrc.ts'
import { PARAMETERS_DETECTOR } from './parameters.ts'
import { PEM_DETECTOR } from './pem.ts'
import { prefixDetector } from './prefix.ts'
import { BUSINESS_RULES } from './prefix-rules-business.ts'
import { CLOUD_RULES } from './prefix-rules-cloud.ts'
import { CODE_RULES } from './prefix-rules-code.ts'
import { PUTTY_DETECTOR } from './putty.ts'
import { SENT_CODES_DETECTOR } from './sent-codes.ts'
import { SQL_DETECTOR } from './sql.ts'
import { URL_CREDENTIALS_DETECTOR } from './url-credentials.ts'

/**
 * Everything that finds secrets by a word: by a vendor's prefix, by a name near the value, by structure. Values of sensitive
 * keys are found by the key (`keys/`), whatever they look like; what both find is one finding in the end.
 */
export const SECRET_DETECTORS: readonly WordDetector[] = [
  prefixDetector([...CLOUD_RULES, ...CODE_RULES, ...BUSINESS_RULES]),
  nearDetector([...NEAR_RULES, ...NEAR_RULES_K_TO_Z]),
  GENERIC_DETECTOR,
  PEM_DETECTOR,
  PUTTY_DETECTOR,
  JWK_DETECTOR,
  JWT_DETECTOR,
  AUTHORIZATION_DETECTOR,
  CURL_DETECTOR,
  COMMAND_LINES_DETECTOR,
  URL_CREDENTIALS_DETECTOR,
  PARAMETERS_DETECTOR,
  KUBERNETES_DETECTOR,
  NETRC_DETECTOR,
  SQL_DETECTOR,
  SENT_CODES_DETECTOR,
  FACEBOOK_DETECTOR,
]
