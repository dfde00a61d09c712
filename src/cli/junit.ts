import type { TestResult } from '../policy/run-tests.ts'

/** Results as JUnit XML, which test runners and pull requests show. */
export function junit(suites: readonly { readonly file: string; readonly tests: readonly TestResult[] }[]): string {
  const lines = suites.flatMap(({ file, tests }) => {
    const failures = tests.filter(({ mistake }) => mistake !== undefined).length
    return [
      `  <testsuite name="${escape(file)}" tests="${tests.length}" failures="${failures}">`,
      ...tests.flatMap((test) => caseOf(test)),
      '  </testsuite>',
    ]
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...lines, '</testsuites>', ''].join('\n')
}

function caseOf({ name, file, line, mistake }: TestResult): string[] {
  const open = `    <testcase classname="${escape(file)}" name="${escape(name)}" file="${escape(file)}" line="${line}"`
  if (mistake === undefined) return [`${open}/>`]
  const text = `${mistake.file}:${mistake.line}:${mistake.column}: ${mistake.message}`
  return [
    `${open}>`,
    `      <failure message="${escape(mistake.message)}">${escape(text)}</failure>`,
    '    </testcase>',
  ]
}

/** XML 1.0 knows no way to write control characters. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
