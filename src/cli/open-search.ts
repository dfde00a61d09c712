import type { Config } from '../config/config.ts'
import { toMasking } from '../config/read-masking.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { NOTHING_HIDDEN } from '../gateway/session-records.ts'
import { removeIndex } from '../store/search/catalog.ts'
import { SearchThread } from '../store/search/search-thread.ts'
import type { OpenMasking } from './open-masking.ts'
import type { OperatorLog } from './operator-log.ts'

/** Starts the search index of a gateway; undefined where there is to be none, and then what there was goes. Whoever opens it closes it. */
export function openSearch(
  { audit, dataFolder }: Pick<Config, 'audit' | 'dataFolder'>,
  master: MasterKey,
  log: OperatorLog,
): SearchThread | undefined {
  if (audit.index === 'off') {
    removeIndex(dataFolder)
    return undefined
  }
  const onTrouble = (what: string, why: string): void => log.warn(what, { why })
  return new SearchThread({ dataFolder, master, words: audit.index === 'full', onTrouble })
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
