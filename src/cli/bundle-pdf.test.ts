import { inflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundlePdf } from './bundle-pdf.ts'

const REPORT = {
  claim: 'In stream a/b/c, records 0 to 9 are complete.',
  facts: [
    ['stream', 'x'.repeat(200)],
    ['who', 'Jöran Ωmega\u202e\nSmith 田'],
  ],
  detectors: 'They find no value.',
  check: 'node verify.mjs BUNDLE.zip --key KEY',
  notProven: Array.from({ length: 60 }, (_, i) => `That number ${i} is true, which nobody could prove.`),
} as const

it('a report as PDF says all that it is given, on as many pages as it takes, within their edges', async () => {
  const pages = pagesOf(await bundlePdf(REPORT))
  expect(pages.length).toBeGreaterThan(1)
  const text = pages.map(({ lines }) => lines.join(' ')).join(' ')
  for (const said of [REPORT.claim, REPORT.detectors, REPORT.check, 'What this does not prove', ...REPORT.notProven])
    expect(text).toContain(said)
  expect(text.replaceAll(' ', '')).toContain('x'.repeat(200))
  for (const { heights } of pages) for (const y of heights) expect(y).toBeGreaterThanOrEqual(56)
})

it('letters that its font does not have are shown by their number, and none drives whoever reads it', async () => {
  const [page] = pagesOf(await bundlePdf(REPORT))
  expect(page?.lines).toContain('Jöran \\u{3a9}mega\\u{202e}\\u{a}Smith \\u{7530}')
})

it('the same report makes the same bytes', async () => {
  expect(await bundlePdf(REPORT)).toEqual(await bundlePdf(REPORT))
})

/** What is drawn on each page: text in hexadecimal, in the encoding of Windows, each line with its place. */
function pagesOf(pdf: Uint8Array): { lines: string[]; heights: number[] }[] {
  const bytes = Array.from(pdf, (byte) => String.fromCharCode(byte)).join('')
  return [...bytes.matchAll(/\/Filter \/FlateDecode\n\/Length (\d+)\n>>\nstream\n/g)].map((found) => {
    const start = found.index + found[0].length
    const drawn = inflateSync(pdf.subarray(start, start + Number(found[1]))).toString('latin1')
    const lines = [...drawn.matchAll(/<([0-9A-F]*)> Tj/g)].map(([, hex = '']) => decoded(hex))
    return { lines, heights: [...drawn.matchAll(/^1 0 0 1 [\d.]+ ([\d.]+) Tm$/gm)].map(([, y]) => Number(y)) }
  })
}

function decoded(hex: string): string {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return new TextDecoder('windows-1252').decode(bytes)
}
