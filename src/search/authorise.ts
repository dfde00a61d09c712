import { nameGlob } from '../base/name-glob.ts'
import type { SearchDocument } from './document.ts'
import { matches } from './matches.ts'
import type { Query } from './query.ts'

/** What somebody may see of the log. */
export type Viewer =
  /** An auditor, or whoever can read the files anyway. */
  | { readonly sees: 'all' }
  /** Their own sessions, and what passed these connections (names, with `*`). */
  | { readonly sees: 'some'; readonly principal: string | undefined; readonly connections: readonly string[] }

/**
 * A query with the rights of whoever asks in it. What compiles, counts or scans takes nothing else: a filter on results would
 * leave counts, facets and times to tell what was filtered (audit.md, 16.2).
 */
export class Authorised {
  readonly query: Query
  readonly viewer: Viewer
  readonly #authorised = true
  private constructor(query: Query, viewer: Viewer) {
    this.query = query
    this.viewer = viewer
  }

  static of(query: Query, viewer: Viewer): Authorised {
    return new Authorised(query, viewer)
  }

  /** Throws for a look-alike: neither JSON nor a cast can make the private field. */
  static check(authorised: Authorised): void {
    if (!(#authorised in authorised) || !authorised.#authorised) throw new TypeError('not an Authorised query')
  }
}

/** Whether a record is asked for and may be seen by whoever asks. */
export function matchesAuthorised(authorised: Authorised, document: SearchDocument): boolean {
  return maySee(authorised.viewer, document) && matches(authorised.query, document)
}

/** What the rights of a viewer come to, for one record. */
export function maySee(viewer: Viewer, { principal, values }: Pick<SearchDocument, 'principal' | 'values'>): boolean {
  if (viewer.sees === 'all') return true
  if (viewer.principal !== undefined && principal === viewer.principal) return true
  return viewer.connections.some((glob) => values.connection?.some(nameGlob(glob)) === true)
}
