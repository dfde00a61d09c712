// Values that come in pieces: over several notifications of one stream, or over two blocks of text of one result. No single
// piece is found by itself, so pieces are looked at together with what came right before them.
import type { EntityId } from '../entities.ts'
import type { RefusedWhy } from '../evidence.ts'

/** What became of a message whose texts go on with what came before. */
export type PiecesHidden =
  | {
      readonly kind: 'ready'
      /** The very same bytes where nothing was found. */
      readonly bytes: Uint8Array
      /** Of each piece that was hidden, the kind of its value. */
      readonly entities: readonly EntityId[]
      /** Pieces of the connection's own credentials. */
      readonly credentials: number
    }
  | { readonly kind: 'refused'; readonly why: RefusedWhy; readonly entity?: string }

export function untouched(bytes: Uint8Array): PiecesHidden {
  return { kind: 'ready', bytes, entities: NOTHING, credentials: 0 }
}

const NOTHING: readonly EntityId[] = []
