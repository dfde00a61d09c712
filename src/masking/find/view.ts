/** Bytes that detectors look at. */
export interface View {
  readonly bytes: Uint8Array
  /**
   * True for JSON as it was received: a byte after a backslash belongs to an escape, so it is no part of a word, and it may
   * not be replaced. False for text whose escapes are taken off.
   */
  readonly raw: boolean
}
