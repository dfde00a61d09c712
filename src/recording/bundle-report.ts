/** What a bundle says to people. */
export interface BundleReport {
  readonly claim: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** What was found when the detectors ran once more over what is shown. */
  readonly detectors: string
  readonly notProven: readonly string[]
  readonly check: string
}

/** REPORT.html: text and nothing that loads or runs. */
export function bundleReport({ check, claim, detectors, facts, notProven }: BundleReport): string {
  const rows = facts.map(([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`)
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`,
    '<title>Evidence from an audit log</title></head><body>',
    '<h1>Evidence from an audit log</h1>',
    `<p>${escaped(claim)}</p>`,
    `<table>${rows.join('\n')}</table>`,
    `<h2>Detectors</h2><p>${escaped(detectors)}</p>`,
    `<h2>How to check it</h2><p>${escaped(check)}</p>`,
    '<h2>What this does not prove</h2>',
    `<ul>${notProven.map((one) => `<li>${escaped(one)}</li>`).join('\n')}</ul>`,
    '</body></html>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}

/** audit.md, 8 and 15.4: what is not claimed is said as plainly as what is. */
export const NOT_PROVEN: readonly string[] = [
  'That what the gateway wrote was true while it wrote, or that nothing went around it.',
  'That no sensitive data was released: detectors find what they know, and a covert channel is not among it.',
  'Anything about the time after the last witnessed head: whoever holds the machine and its key can still rewrite that.',
  'That no other record fits the selection, where not everything is shown: of a record that is not shown only its kind, time and session can be seen.',
  'Who made this bundle: its manifest is not signed; what is proven is proven by the signed head of the log.',
]
