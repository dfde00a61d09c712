import { toMasking } from '../config/read-masking.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { NOTHING_HIDDEN } from '../gateway/session-records.ts'
import { SearchThread } from '../store/search/search-thread.ts'
import type { OpenMasking } from './open-masking.ts'
import type { OperatorLog } from './operator-log.ts'

/** Starts the search index of a gateway. Whoever opens it closes it. */
export function openSearch(dataFolder: string, master: MasterKey, log: OperatorLog): SearchThread {
  return new SearchThread({ dataFolder, master, onTrouble: (what, why) => log.warn(what, { why }) })
}

/** Hides in a text of a person what is hidden in records. Built when somebody searches: it takes a fifth of a second. */
export function hideInQueries(masking: OpenMasking): (text: string) => string {
  const once: { label?: (text: string) => string } = {}
  return (text) => {
    if (once.label === undefined) {
      const of = { name: 'search', masking: toMasking('search'), inspection: { inspectors: [], dialect: undefined } }
      const masker = masking.connection(of, NOTHING_HIDDEN)
      once.label = (one) => masker.label(one)
    }
    return once.label(text)
  }
}
