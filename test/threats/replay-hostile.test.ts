// A recording is what an attacker wrote. Whoever looks at it must not become the next victim: no script runs, no terminal is
// driven, no address is loaded, and no text shows in another order than it was sent.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageParts } from '../../src/cli/page-parts.ts'
import { asciicast } from '../../src/recording/asciicast.ts'
import { printJson, printLine } from '../../src/recording/print.ts'
import { replayPage } from '../../src/recording/replay-page.ts'
import { COLOURED, timelineLines } from '../../src/recording/timeline.ts'
import { needBrowser, openInBrowser } from '../support/chromium.ts'
import { madeCall, madeSession } from '../support/recorded-session.ts'
import { INSTALL_MS } from '../support/system-package.ts'

const ATTACKS = [
  '<script>document.title = "owned"</script>',
  '</script><script>document.title = "owned"</script>',
  '<!--<script>',
  '<img src="https://attacker.invalid/x" onerror="document.title = `owned`">',
  '<svg/onload=document.title="owned">',
  '![x](https://attacker.invalid/x)',
  '\u001B]0;owned\u0007',
  '\u001B[2J\u001B[1;1H',
  '\u009B2J',
  '\u202Egnp.exe\u202C',
  '\u2066\u2069\u061C\u200F',
  '\r\nfake line',
  '"],"o":"',
  '__proto__',
]
const HOSTILE = ATTACKS.join(' ')
const folder = mkdtempSync(join(tmpdir(), 'replay-hostile-'))
beforeAll(needBrowser, INSTALL_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function message(inner: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, ...inner })
}

function sha256(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** The attacks in every place that a stranger can write to. */
async function hostile() {
  const [intent, outcome] = madeCall(0, {
    request: message({ params: { name: HOSTILE, arguments: { [HOSTILE]: HOSTILE } } }),
    response: message({ result: { content: [{ type: 'text', text: HOSTILE }] } }),
  })
  const refused = {
    kind: 'refused' as const,
    envelope: {
      dir: 'c2s',
      actor: { sub: HOSTILE, email: HOSTILE, client: { name: HOSTILE } },
      conn: { name: HOSTILE },
      mcp: { method: HOSTILE, target: HOSTILE, era: HOSTILE },
      decision: { effect: HOSTILE, rule: HOSTILE, reason: HOSTILE },
      outcome: { status: HOSTILE, detail: HOSTILE },
      session: { basis: HOSTILE },
      masking: { entities: { [HOSTILE]: { [HOSTILE]: 1 } } },
    },
    request: HOSTILE,
  }
  return madeSession([...(intent ? [intent] : []), ...(outcome ? [outcome] : []), refused])
}

/* oxlint-disable no-control-regex -- control characters are what these look for */
const DRIVES = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/
const RAW = /[\u0000-\u001F]/
/** Colours and line ends that are ours. */
const OURS = /\u001B\[(?:1|2|3[1-3]|0)m|\r\n/g
/* oxlint-enable no-control-regex */

describe('a hostile recording', () => {
  it('cannot drive a terminal, printed plain or in colours', async () => {
    const session = await hostile()
    const lines = session.events.flatMap((event) => timelineLines(event, { paint: COLOURED, start: 0 }))
    for (const line of [...lines, ...session.records.map(printLine)])
      expect(line.replaceAll(OURS, '')).not.toMatch(DRIVES)
    // As JSON it is data, byte for byte; control characters are escapes there.
    for (const record of session.records) expect(printJson(record)).not.toMatch(RAW)
  })

  it('cannot drive a terminal that plays its asciicast', async () => {
    for (const line of asciicast(await hostile())) {
      const value: unknown = JSON.parse(line)
      const text = Array.isArray(value) ? String(value[2]) : JSON.stringify(value)
      expect(text.replaceAll(OURS, '')).not.toMatch(DRIVES)
    }
  })

  it('is inert text in the page: one script and one style, named by their hashes, and nothing is loaded', async () => {
    const { script, style } = pageParts()
    const page = replayPage(await hostile(), { script, style })
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? ''
    expect(policy).toBe(
      `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(style)}; base-uri 'none'; form-action 'none'`,
    )
    expect(page.match(/<script[ >]/g)).toHaveLength(2)
    const data = page.slice(page.indexOf('id="data">') + 10, page.indexOf('</script>'))
    expect(data).not.toMatch(/[<\u2028\u2029]/)
    expect(JSON.stringify(JSON.parse(data))).toContain('owned')
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(|XMLHttp/,
    )
  })

  it('stays text in a real browser: no title changed, no element made, every control shown as what it is', async () => {
    const file = join(folder, 'page.html')
    writeFileSync(file, replayPage(await hostile(), pageParts()))
    const { dom, said } = await openInBrowser(`file://${file}#seq=1`, folder)
    expect(said).toBe('')
    expect(dom).toMatch(/<title>Session ses_0101/)
    expect(dom.match(/<script[ >]/g)).toHaveLength(2)
    const shown = dom.slice(dom.indexOf('<header>'))
    expect(shown).toContain('&lt;script&gt;')
    expect(shown).not.toMatch(/<(?:img|svg|a|iframe|script)[ />]/)
    expect(shown).not.toMatch(DRIVES)
    expect(shown).toContain('2 of 3')
  })
})
