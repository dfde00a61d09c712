import type { StoredRecord } from '../../audit/stored.ts'
import { recorded } from '../../recording/read.ts'
import { type Authorised, matchesAuthorised } from '../../search/authorise.ts'
import { documentOf } from '../../search/document.ts'
import type { Answer, Hit } from '../../search/result.ts'
import { snippetOf } from '../../search/snippet.ts'
import type { SearchWish } from './answering.ts'
import type { OpenRecords } from './documents.ts'
import type { SearchIndex } from './search-index.ts'

/**
 * Searches, and opens each hit against its commitment. What is shown comes from the log and is held against the query and the
 * rights of the viewer once more: an index that somebody has written into can hide, and cannot show.
 */
export async function answerOf(index: SearchIndex, wish: SearchWish, open: OpenRecords): Promise<Answer> {
  const found = await index.search(wish, open)
  const records = await open(found.hits)
  return { found, hits: found.hits.map((seq) => hitOf(seq, records.get(seq), wish.authorised)) }
}

function hitOf(seq: number, stored: StoredRecord | undefined, authorised: Authorised): Hit {
  if (stored === undefined) return { kind: 'disagrees', seq, why: 'missing' }
  const document = documentOf(stored)
  if (!matchesAuthorised(authorised, document)) return { kind: 'disagrees', seq, why: stored.gone ?? 'does_not_fit' }
  return { kind: 'record', record: recorded(stored), snippet: snippetOf(document.text, authorised.query) }
}
