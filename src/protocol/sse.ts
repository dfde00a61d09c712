// Server-Sent Events as MCP uses them (WHATWG HTML, 9.2; protocol.md, 5.3).

/** One event, parted so that it can be masked and written again without touching what did not change. */
export interface SseEvent {
  /** All lines but `data`, as they came, each with its line end: `id`, `event`, `retry`, comments. */
  readonly fields: Uint8Array
  /** The `data` lines joined by \n; undefined where there was no data line, empty for a priming event. */
  readonly data: Uint8Array | undefined
  readonly id: string | undefined
  /** The whole event as it came, blank line included: released as it is when nothing changed. */
  readonly raw: Uint8Array
}
