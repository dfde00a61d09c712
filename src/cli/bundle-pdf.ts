import { PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib'
import type { BundleReport } from '../recording/bundle-report.ts'

/** A4, in points. */
const PAGE = { width: 595, height: 842, margin: 56 } as const
const BODY = { size: 10, gap: 6 } as const
const TITLE = { size: 16, gap: 10 } as const
const HEADING = { size: 12, gap: 6 } as const
/** From one line to the next, of the size of its letters. */
const LEADING = 1.35
const INDENT = 14

/** REPORT.pdf: what REPORT.html says, for those who file and print. The same report makes the same bytes. */
export async function bundlePdf({ check, claim, detectors, facts, notProven }: BundleReport): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.setTitle('Evidence from an audit log', { showInWindowTitleBar: true })
  document.setLanguage('en')
  const [plain, bold] = [
    await document.embedFont(StandardFonts.Helvetica),
    await document.embedFont(StandardFonts.HelveticaBold),
  ]
  const flow = new Flow(document)
  const heading = (text: string): void => flow.write(text, { font: bold, ...HEADING, before: HEADING.size })
  const body = (text: string, indent = 0): void => flow.write(text, { font: plain, ...BODY, indent })
  flow.write('Evidence from an audit log', { font: bold, ...TITLE })
  body(claim)
  for (const [name, value] of facts) {
    flow.write(name, { font: bold, ...BODY, gap: 0 })
    body(value, INDENT)
  }
  heading('Detectors')
  body(detectors)
  heading('How to check it')
  body(check)
  heading('What this does not prove')
  for (const one of notProven) body(`• ${one}`, INDENT)
  return document.save({ useObjectStreams: false })
}

interface Style {
  readonly font: PDFFont
  readonly size: number
  /** Below it, and above it. */
  readonly gap: number
  readonly before?: number
  readonly indent?: number
}

/** Text from top to bottom, on as many pages as it takes. */
class Flow {
  readonly #document: PDFDocument
  #page: PDFPage
  #y: number = PAGE.height - PAGE.margin

  constructor(document: PDFDocument) {
    this.#document = document
    this.#page = document.addPage([PAGE.width, PAGE.height])
  }

  write(text: string, { before = 0, font, gap, indent = 0, size }: Style): void {
    this.#y -= before
    for (const line of linesOf(known(text, font), PAGE.width - 2 * PAGE.margin - indent, { font, size })) {
      this.#y -= size * LEADING
      if (this.#y < PAGE.margin) this.#turn(size)
      this.#page.drawText(line, { x: PAGE.margin + indent, y: this.#y, size, font })
    }
    this.#y -= gap
  }

  #turn(size: number): void {
    this.#page = this.#document.addPage([PAGE.width, PAGE.height])
    this.#y = PAGE.height - PAGE.margin - size * LEADING
  }
}

/** The fonts that every reader has know Latin letters only; others are shown by their number, so that nothing is left out. */
function known(text: string, font: PDFFont): string {
  const letters = new Set(font.getCharacterSet())
  return Array.from(text, (one) => {
    const code = one.codePointAt(0) ?? 0
    return letters.has(code) && code >= 0x20 ? one : `\\u{${code.toString(16)}}`
  }).join('')
}

/** Words as many as fit; one that is longer than a line, such as a hash, is cut. */
function linesOf(text: string, width: number, { font, size }: Pick<Style, 'font' | 'size'>): readonly string[] {
  const fits = (line: string): boolean => font.widthOfTextAtSize(line, size) <= width
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (!fits(line)) {
      let letters = line.length - 1
      while (letters > 1 && !fits(line.slice(0, letters))) letters -= 1
      lines.push(line.slice(0, letters))
      line = line.slice(letters)
    }
  }
  return [...lines, line]
}
