import type { LimitBy, LimitOf } from '../policy/limit.ts'
import type { LimitSubject } from './limits.ts'

/** Names from outside are cut to this, so that a bucket has a size. Longer ones with the same start count as one. */
const NAME_CHARS_MAX = 256

/**
 * `limit-per-person 0 calls identity=pri_… tool="query"`: of the rule, the place in it, and the values that are counted
 * apart. The kind is in it because an amount of one kind means nothing in another.
 */
export function keyOf(limit: LimitOf, subject: LimitSubject): string {
  let key = prefixOf(limit)
  for (const by of limit.spec.by) key += ` ${by}=${valueOf(by, subject)}`
  return key
}

/** Where those count for whom there was no place. */
export function sharedKeyOf(limit: LimitOf): string {
  return `${prefixOf(limit)}${SHARED}`
}

export function isSharedKey(key: string): boolean {
  return key.endsWith(SHARED)
}

/** No value ends like this: names from outside are in quotes. */
const SHARED = ' *'

function prefixOf({ rule, index, spec }: LimitOf): string {
  return `${rule} ${index} ${spec.kind}`
}

function valueOf(by: LimitBy, subject: LimitSubject): string {
  switch (by) {
    case 'identity':
      return subject.identity
    case 'connection':
      return subject.connection
    case 'session':
      return subject.session
    case 'tool':
      return quoted(subject.tool)
    case 'client':
      return quoted(subject.client)
  }
}

/** Whatever is in a name, it does not look like the next part of the key, and a database keeps it as it is. */
function quoted(name: string): string {
  return JSON.stringify(name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX)}…` : name)
}
