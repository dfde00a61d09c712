import { printDuration } from '../base/units.ts'
import type { Ask } from './approval.ts'

/** The method of an approval that is asked for ahead of need: there is no call yet. */
export const ACCESS_METHOD = 'request_access'

/** What people agree to, in words for them: with access, to more than the call that they are shown. */
export function goodForText({ scope, connection }: Pick<Ask, 'scope' | 'connection'>): string {
  if (scope === 'once') return 'this call, once'
  const until =
    scope === 'session' ? 'until their session ends' : `for ${printDuration(scope)}, and no longer than their session`
  return `every call on ${connection} that these rules are about, ${until}`
}
