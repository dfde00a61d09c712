import type { Hide } from './masked.ts'

/** A key of 8,192 bits has about 100 lines; whatever comes after so many is no part of one. */
const KEY_LINES_MAX = 160
const KEY_BEGINS = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/
const KEY_ENDS = /-----END /
/** A line of base64, perhaps with what a logger puts before it. */
const KEY_LINE = /[A-Za-z0-9+/=]{16,}["'\\n,]*\s*$/

/** Hides values in lines that come one by one, such as those that a process prints. A key that is printed takes many. */
export class LineHide implements Pick<Hide, 'text'> {
  readonly #line: (text: string) => string
  #keyLines = 0

  constructor(line: (text: string) => string) {
    this.#line = line
  }

  text(raw: string): string {
    if (this.#keyLines > 0) {
      this.#keyLines = KEY_ENDS.test(raw) ? 0 : this.#keyLines - 1
      if (KEY_LINE.test(raw)) return HIDDEN
    } else if (KEY_BEGINS.test(raw) && !KEY_ENDS.test(raw)) this.#keyLines = KEY_LINES_MAX
    return this.#line(raw)
  }
}

const HIDDEN = 'redacted:private_key'
