import { ENTITY_NAMES, type EntityId, entityId, type EntityName } from '../entities.ts'
import type { Sink } from '../find/finding.ts'

/**
 * A key says "passport", and not whose. Its value is one of whatever country the rules ask for, and where nobody asks for one,
 * it is an id all the same.
 */
const RELATIVES: readonly (readonly [EntityName, readonly EntityName[]])[] = [
  [
    'us_passport',
    ['national_id', 'uk_passport', 'de_passport', 'es_passport', 'it_passport', 'in_passport', 'kr_passport'],
  ],
  [
    'us_driver_license',
    ['national_id', 'uk_driving_licence', 'de_driving_licence', 'it_driving_licence', 'kr_driver_license'],
  ],
  ['it_id_card', ['national_id']],
  ['de_tax_number', ['national_id']],
  ['national_id', ['de_id_card', 'it_id_card']],
  ['uk_vehicle', ['de_vehicle', 'tr_license_plate', 'in_vehicle', 'ng_vehicle']],
  ['bank_account', ['us_bank_account']],
]

const NONE: readonly EntityId[] = []
/** By the id of a kind: it is asked for each key that is found. */
const IDS: readonly (readonly EntityId[])[] = ENTITY_NAMES.map(
  (name) => RELATIVES.find(([kind]) => kind === name)?.[1].map(entityId) ?? NONE,
)

/** Kinds besides its own that a value of a key may count as. */
export function relativesOf(entity: EntityId): readonly EntityId[] {
  return IDS[entity] ?? NONE
}

/** Whether a value of a key of this kind counts as anything. */
export function isWanted(sink: Sink, entity: EntityId): boolean {
  if (sink.may(entity, 1)) return true
  const relatives = relativesOf(entity)
  for (let i = 0; i < relatives.length; i++) if (sink.may(relatives[i] ?? entity, 1)) return true
  return false
}
