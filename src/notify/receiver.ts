import type { Notice } from './notice.ts'

/** Where people are told. `send` gives up by itself after some time, and at once when `signal` aborts. */
export interface Receiver {
  readonly name: string
  send(notice: Notice, how: { readonly first: string | undefined; readonly signal: AbortSignal }): Promise<Sent>
}

export type Sent =
  /** `remote`: what it calls the message; it comes back as `first` with what is told of the same approval later. */
  | { readonly kind: 'sent'; readonly remote?: string | undefined }
  /** `afterMs`: when it wants to be asked again. */
  | { readonly kind: 'failed'; readonly why: string; readonly afterMs?: number | undefined }
  /** It does not want this, however often it is asked. */
  | { readonly kind: 'unwanted'; readonly why: string }
