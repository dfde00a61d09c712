import { entityId, type EntityName } from '../../../src/masking/entities.ts'
import { NATIONAL_CODES } from '../../../src/masking/numbers/national/codes.ts'
import { NATIONAL_NUMBERS } from '../../../src/masking/numbers/national/numbers.ts'
import { entitiesOf } from '../../../src/masking/replace/entity-groups.ts'

/** Whether a number passes the check of its kind. Kinds whose check says nothing pass nowhere. */
export function passesCheck(entity: string, text: string): boolean {
  const name: EntityName | undefined = entitiesOf(entity)?.[0]
  if (name === undefined) return false
  const code = Uint8Array.from(text.replaceAll(/[ ,.-]/g, '').toUpperCase(), (character) => character.charCodeAt(0))
  const digits = code.map((byte) => byte - 0x30)
  const isNumber = digits.every((digit) => digit < 10)
  const ofCodes = NATIONAL_CODES.filter((rule) => rule.entity === entityId(name) && rule.lengths.includes(code.length))
  const ofNumbers = NATIONAL_NUMBERS.filter(
    (rule) => isNumber && rule.entity === entityId(name) && rule.digits === code.length,
  )
  return (
    ofCodes.some((rule) => rule.check(code, code.length) === 'passed') ||
    ofNumbers.some((rule) => rule.check(digits) === 'passed')
  )
}
