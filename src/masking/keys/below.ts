import type { KeyKind } from './dictionary.ts'
import { HARMLESS_FIRST, HARMLESS_LAST, KEEPS } from './harmless.ts'
import { splitKey } from './split-key.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/**
 * What a key in the object of a sensitive key says of its value. `part`: that it is one, or a part of one, or nothing at all;
 * `unknown`: nothing that is known, so that a text is one and a number is not; `other`: it is something else; `apart`: so is
 * all that is below it.
 */
export type Meaning = 'part' | 'unknown' | 'other' | 'apart'

/** Members that tell about a value and are none themselves, in objects of persons. */
const TELLS =
  words(`id ids uuid type kind created updated at date count verified primary default status label enabled version index order
  issued expires expiry use period start end`)
/** What is measured, counted or of machines, whatever it stands in. */
const MEASURES =
  words(`port width height depth decimals symbol ttl length size min max minimum maximum os model platform carrier network
  protocol scheme format encoding weight density dpi ratio brightness pixels resolution orientation image logo icon ticker
  hostname`)
/** What a secret is made for or known by, besides what says so behind its name. */
const BESIDE_SECRETS = words('address addresses chain mint uri logo image')
/** What stands below these is a rule, a measure, or another thing that is pointed at. */
const APART =
  words(`ref refs reference references policy policies rule rules schema metadata labels annotations limits stats statistics
  metrics usage screen screens display viewport dimensions requirements logprobs`)
/** Parts of an address that may be numbers. */
const OF_ADDRESS =
  words(`house building floor apartment apt unit flat room suite block plot lot box zip postal postcode plz nummer numero
  entrance door stair street road city town district`)
/** Where a machine is reached. */
const OF_MACHINE =
  words(`node pod host hostname server cluster container namespace kube endpoint interface netmask subnet cidr gateway socket
  port ip mac family listener nic dns`)
const OF_SECRET = words('text')
const OF_DATE = words('date year month day')

export function meaningBelow(kind: KeyKind, key: string): Meaning {
  const parts = splitKey(key)
  const last = parts.at(-1) ?? ''
  if (last.length <= 1) return 'part'
  if (APART.has(last)) return 'apart'
  if (parts.length > 1 && HARMLESS_FIRST.has(parts[0] ?? '')) return 'other'
  if (kind.isSecret) return inSecret(last)
  if (isPartOfDate(kind, last)) return 'part'
  return (kind.demand === 'address' ? inAddress(parts, last) : undefined) ?? inPerson(last)
}

/** `{"birthday": {"year": 1980, "month": 2, "day": 3}}`: what stands there is a part, however short it is. */
export function isPartOfDate({ demand }: KeyKind, key: string): boolean {
  return demand === 'date' && OF_DATE.has(key.toLowerCase())
}

function inAddress(parts: readonly string[], last: string): Meaning | undefined {
  if (parts.some((part) => OF_MACHINE.has(part))) return 'apart'
  return OF_ADDRESS.has(last) ? 'part' : undefined
}

function inPerson(last: string): Meaning {
  if (TELLS.has(last) || MEASURES.has(last)) return 'other'
  return KEEPS.has(last) ? 'part' : 'unknown'
}

/** As behind its name: `token_count` and `{"token": {"count": 5}}` say the same. */
function inSecret(last: string): Meaning {
  if (BESIDE_SECRETS.has(last)) return 'other'
  if (KEEPS.has(last) || OF_SECRET.has(last)) return 'part'
  return HARMLESS_LAST.has(last) || MEASURES.has(last) || TELLS.has(last) ? 'other' : 'unknown'
}
