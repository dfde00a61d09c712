import { encodeUtf8, toBase64 } from '../base/bytes.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import { sha256 } from '../audit/hash.ts'
import type { RecordedSession } from './load-session.ts'
import { paced } from './pace.ts'
import { sessionFacts, sessionJson } from './session-summary.ts'

/** Script and style of the page, as they stand in the program's folder `pages/`. */
export interface PageParts {
  readonly script: string
  readonly style: string
}

/**
 * One file that shows a session, without a server and without the network. Recordings are what an attacker wrote: the data is
 * JSON text in an inert block, the script makes text nodes of it and nothing else, and the policy names by their hashes the
 * one script and the one style that may run (audit.md, 14).
 */
export function replayPage(session: RecordedSession, { script, style }: PageParts): string {
  const shown = paced(session.events.map(({ at }) => at))
  const data: JsonObject = { ...sessionJson(session), shown_us: [...shown] }
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width">',
    `<title>Session ${sessionFacts(session).id}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<noscript>This page needs JavaScript; the same is in sallyport replay SESSION.</noscript>',
    `<script type="application/json" id="data">${inert(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** No `<` in it, so that no text can end the block or begin a comment: an escape is the same JSON. */
function inert(data: JsonObject): string {
  return stringifyJson(data)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
}

function hashOf(text: string): string {
  return `sha256-${toBase64(sha256(encodeUtf8(text)))}`
}
