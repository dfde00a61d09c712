import { encodeUtf8 } from '../../../base/bytes.ts'
import type { Page } from '../../../downstream/page.ts'
import { codePoint, marked } from '../../../facts/marked.ts'

/** Markup that may stand in a page as it is. Made by `html` alone, which escapes everything else. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | readonly (Html | undefined)[]

/** Everything between the parts that stand here is text of strangers, and becomes text. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((string, i) => string + written(parts[i])).join(''))
}

function written(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return part.map((one) => one?.text ?? '').join('')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A text of strangers with everything marked that a reader would not see, or take for something else. */
export function seen(text: string): Html {
  return new Html(
    marked(text)
      .map((piece) => {
        if (piece.mark === undefined) return escaped(piece.text)
        const code = codePoint(piece.text)
        if (piece.mark === 'hidden') return `<b class="odd" title="not drawn">${code}</b>`
        return `<b class="odd" title="looks like another letter">${escaped(piece.text)} ${code}</b>`
      })
      .join(''),
  )
}

/**
 * Nothing is loaded but our style, nothing runs, nobody frames it (click-jacking). `same-origin` and not `no-referrer`: with
 * that browsers send `Origin: null` with our own forms, and nobody could tell them from others.
 */
const HEADERS = [
  'Content-Type',
  'text/html; charset=utf-8',
  'Content-Security-Policy',
  "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'X-Frame-Options',
  'DENY',
  'Referrer-Policy',
  'same-origin',
  'X-Content-Type-Options',
  'nosniff',
  'Cross-Origin-Opener-Policy',
  'same-origin',
  'Cache-Control',
  'no-store',
]

export function htmlPage(
  status: number,
  { title, body, headers = [] }: { title: string; body: Html; headers?: readonly string[] },
): Page {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        <title>${title} · Sallyport</title>
        <link rel="stylesheet" href="/approvals/style.css" />
      </head>
      <body>
        ${body}
      </body>
    </html> `
  return { status, headers: [...HEADERS, ...headers], body: encodeUtf8(text) }
}

/** `location`: a path of ours. */
export function redirectPage(location: string, headers: readonly string[] = []): Page {
  return { status: 303, headers: ['Location', location, ...HEADERS, ...headers], body: new Uint8Array() }
}
