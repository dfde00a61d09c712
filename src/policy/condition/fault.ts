/** One thing wrong in a condition. */
export interface Fault {
  readonly kind: 'fault'
  /** Offset in the text. */
  readonly at: number
  /** One sentence without a full stop. */
  readonly message: string
  readonly hint?: string | undefined
}

export function faultAt(at: number, message: string, hint?: string): Fault {
  return { kind: 'fault', at, message, hint }
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) + 1 }
}
