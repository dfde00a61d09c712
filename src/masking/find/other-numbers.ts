import { splitKey } from '../keys/split-key.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** What has ids of its own and is nobody's: `order_id`, `traceId`, `transaction no`. */
const THINGS =
  words(`ad adset article artifact asset batch build campaign commit document entry event export file import invoice issue
  item job listing log media message node object order parcel parent post product query record reference release request revision row
  run sequence session shipment sku span story task thread ticket trace tracking transaction transfer video`)
/** What a number of a thing ends with. */
const LAST = words('id ids no nr num number numbers ref reference key')
/** Names that stand alone. */
const ALONE = words('reference ref')
/** Where somebody is named too, the number may well be theirs. */
const SOMEBODY =
  words(`card cards cc pan account acct bank payment payer customer client member holder user patient person loyalty gift
  wallet billing`)

/** Whether a name is of somebody's account or card, whatever else it says. */
export function namesSomebody(name: string): boolean {
  return splitKey(name).some((part) => SOMEBODY.has(part))
}

/** Whether a key, a column or a name says that its number belongs to a thing. `id` alone does not. */
export function isNumberOfThing(name: string): boolean {
  const parts = splitKey(name)
  const last = parts.at(-1)
  if (last === undefined) return false
  if (parts.length === 1) return ALONE.has(last)
  return LAST.has(last) && parts.slice(0, -1).some((part) => THINGS.has(part))
}
