import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeLinesOf, codeOf } from './code.ts'
import { filesIn, root } from './files.ts'
import { BANS, brokenRules, foreignText } from './rules.ts'

/**
 * Where a reader begins in each folder; that file opens with what the folder promises. The files of `base` have nothing
 * in common but that everybody uses them, so each speaks for itself.
 */
const FIRST_FILES: Readonly<Record<string, string>> = {
  protocol: 'message.ts',
  identity: 'principal.ts',
  session: 'session.ts',
  approval: 'approval.ts',
  policy: 'rule.ts',
  limits: 'limits.ts',
  masking: 'masked.ts',
  audit: 'log.ts',
  recording: 'envelope.ts',
  credentials: 'secret.ts',
  transport: 'http.ts',
  upstream: 'upstream.ts',
  downstream: 'exchange.ts',
  gateway: 'gateway.ts',
  'store/segments': 'io.ts',
  config: 'config.ts',
  demo: 'people.ts',
  cli: 'main.ts',
}
/** A promise is a sentence at least. */
const PROMISE_CHARS_MIN = 60

const code = ['src', 'test', 'bench', 'scripts', 'bin', 'examples'].flatMap((folder) => filesIn(folder, ['.ts', '.js']))

describe('the repository', () => {
  it('keeps every house rule that a search can check', () => {
    expect(code.flatMap(brokenRules)).toEqual([])
  })

  it('holds no path of one machine and nothing that looks like a real secret, in any file', () => {
    expect(filesIn('.').flatMap(foreignText)).toEqual([])
  })

  it.each(Object.entries(FIRST_FILES))('src/%s/%s opens with what the folder promises', (folder, file) => {
    expect(existsSync(join(root, 'src', folder, file))).toBe(true)
    expect(promiseOf(readFileSync(join(root, 'src', folder, file), 'utf8')).length).toBeGreaterThan(PROMISE_CHARS_MIN)
  })
})

describe('the check of the house rules', () => {
  it.each([
    ['src/policy/bad.ts', 'const x = JSON.parse(text)'],
    ['src/audit/bad.ts', 'const now = Date.now()'],
    ['src/audit/bad.ts', 'const now = performance.now()'],
    ['src/audit/bad.ts', 'const now = new Date()'],
    ['src/session/bad.ts', 'const id = Math.random()'],
    ['src/gateway/bad.ts', 'console.error(error)'],
    ['src/gateway/bad.ts', "const home = process.env['HOME']"],
    ['src/gateway/bad.ts', 'process.exit(1)'],
    ['src/gateway/bad.ts', "const fs = process.getBuiltinModule('fs')"],
    ['src/gateway/bad.ts', "const fs = require('fs')"],
    ['src/gateway/bad.test.ts', "it.only('works', () => {})"],
    ['test/stories/bad.test.ts', "describe.skip('works', () => {})"],
    ['test/stories/bad.test.ts', "it.concurrent.skip('works', () => {})"],
    ['test/stories/bad.test.ts', "it.todo('works')"],
    ['src/gateway/bad.ts', 'const raw = Sealed.open(reply)'],
    ['src/gateway/bad.ts', 'const raw = Unmasked.open(reply)'],
    ['src/gateway/bad.ts', "const raw = Unmasked['open'](reply)"],
    ['src/recording/bad.ts', 'const value = Secret.open(secret)'],
    ['src/gateway/bad.ts', "const receipt = Receipt.issue('outcome', index)"],
    ['src/gateway/bad.ts', "const claim = Claim.issue(call, { approval, basis: 'once', rules })"],
    ['src/masking/bad.ts', 'const masked = Masked.seal(raw)'],
    ['src/policy/bad.ts', 'export async function decide() {}'],
    ['src/masking/bad.ts', 'const wait: Promise<void> = later'],
    ['src/gateway/bad.ts', 'let count = 0'],
    ['src/gateway/bad.ts', 'export const cache = new Map<string, number>()'],
    ['src/gateway/bad.ts', "export * from './carry.ts'"],
    ['src/gateway/index.ts', 'export const a = 1'],
    ['src/gateway/bad.ts', glue('// TO', 'DO: later')],
    ['src/gateway/bad.ts', '// oxlint-disable-next-line no-console'],
    ['src/gateway/bad.ts', '// @ts-ignore'],
    ['docs/bad.md', ['see ', 'work', 'main'].join('/')],
    ['src/masking/bad.ts', glue("const key = 'AKIA", 'A'.repeat(16), "'")],
    ['src/masking/bad.ts', glue("const token = 'ghp_", 'a'.repeat(36), "'")],
    ['src/masking/bad.ts', glue("const key = 'sk_live_", 'a'.repeat(16), "'")],
    ['src/masking/bad.ts', glue("const token = 'xoxb-", '1'.repeat(12), "-a'")],
    ['src/masking/bad.ts', glue('-----BEGIN PRIVATE KEY-----', '\n', 'a'.repeat(40))],
  ])('finds in %s: %s', (path, text) => {
    expect(brokenRules({ path, text })).toHaveLength(1)
  })

  it('finds a file of more than 250 lines of code', () => {
    expect(brokenRules({ path: 'src/gateway/good.ts', text: 'const a = 1\n'.repeat(250) })).toEqual([])
    expect(brokenRules({ path: 'src/gateway/bad.ts', text: 'const a = 1\n'.repeat(251) })).toHaveLength(1)
  })

  it('finds something with each of its bans', () => {
    expect(BANS.filter((ban) => !['src/policy/a.ts', 'src/gateway/a.ts', 'test/a.ts'].some(ban.in))).toEqual([])
  })

  it.each([
    ['src/base/json.ts', 'const x = JSON.parse(text)'],
    ['src/gateway/good.test.ts', 'const x = JSON.parse(text)'],
    ['src/config/good.ts', "const home = process.env['HOME']"],
    ['src/credentials/good.ts', 'const value = Sealed.open(secret)'],
    ['src/store/segments/good.ts', "const receipt = Receipt.issue('outcome', index)"],
    ['src/gateway/good.ts', '// JSON.parse keeps the last of two equal keys; console.log would print it'],
    ['src/gateway/good.ts', "const why = 'console.log is not used, nor is process.env'"],
    ['src/gateway/good.ts', 'const opened = log.open(path)'],
    ['src/gateway/good.ts', "const NAMES = new Set(['a'])"],
    ['src/gateway/good.ts', '// oxlint-disable-next-line no-console -- the one place that prints'],
    ['docs/good.md', 'https://example.com/work/main and /roots/list'],
  ])('lets pass in %s: %s', (path, text) => {
    expect(brokenRules({ path, text })).toEqual([])
  })
})

describe('the scanner of code', () => {
  it.each([
    ['a // b', 'a     '],
    ['a /* b\nc */ d', 'a     \n     d'],
    ["'// no comment' // comment", "'// no comment'           "],
    ['`// no ${comment} here` // comment', '`// no ${comment} here`           '],
    ['const a = /[\'"/]*\\/\\// // comment', 'const a = /[\'"/]*\\/\\//           '],
    ['const a = b / c // d / e', 'const a = b / c         '],
    ["'it\\'s' // x", "'it\\'s'     "],
  ])('%j is %j without comments', (text, wanted) => {
    expect(codeOf(text, { strings: 'keep' })).toBe(wanted)
  })

  it('counts neither blank lines nor comments as code', () => {
    expect(codeLinesOf('// a\n\n/*\n b\n*/\nconst c = 1 // d\n')).toBe(1)
  })

  it('finds no promise where the code begins at once or the comment is a word', () => {
    expect(
      promiseOf("import { a } from './a.ts'\n// too late, however long the comment after the imports may be"),
    ).toBe('')
    expect(promiseOf('// Base.\nimport x')).toBe('// Base.')
  })
})

/** Bad words are put together at run time, so that this file keeps the rules it tests. */
function glue(...parts: readonly string[]): string {
  return parts.join('')
}

/** The comment before the first line of code. */
function promiseOf(text: string): string {
  const first = codeOf(text, { strings: 'keep' })
    .split('\n')
    .findIndex((line) => line.trim() !== '')
  return text.split('\n').slice(0, Math.max(first, 0)).join('\n').trim()
}
