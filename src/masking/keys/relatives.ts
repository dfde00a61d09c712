import { type EntityId, entityId, type EntityName } from '../entities.ts'
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

const IDS: ReadonlyMap<EntityId, readonly EntityId[]> = new Map(
  RELATIVES.map(([name, relatives]) => [entityId(name), relatives.map(entityId)]),
)
const NONE: readonly EntityId[] = []

/** Kinds besides its own that a value of a key may count as. */
export function relativesOf(entity: EntityId): readonly EntityId[] {
  return IDS.get(entity) ?? NONE
}

/** Whether a value of a key of this kind counts as anything. */
export function isWanted(sink: Sink, entity: EntityId): boolean {
  return sink.may(entity, 1) || relativesOf(entity).some((relative) => sink.may(relative, 1))
}
