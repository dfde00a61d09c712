// An agent that wants to be agreed to without being read: arguments that are long, are not drawn, or draw something else.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PageWorld, startPageWorld } from '../support/page-world.ts'
import { runProgram } from '../support/process.ts'

let world: PageWorld
beforeAll(async () => {
  world = await startPageWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

const MEBIBYTE = 1_048_576
const HIDDEN = '\u202E\u2066\u200B\uFEFF\u0007\u001B[2J\u2028'
const NASTY = `${HIDDEN}</pre><script>alert(1)</script><img src=x onerror=alert(1)>"'&`
/** What must reach neither a page nor a terminal as it is. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_DRAWN = /[\u202A-\u202E\u2066-\u2069\u200B\uFEFF\u2028\u0000-\u0008\u000B-\u001F]/u

const nested = (depth: number): unknown => (depth === 0 ? NASTY : { [NASTY]: nested(depth - 1) })
const ARGUMENTS: readonly (readonly [what: string, args: Readonly<Record<string, unknown>>])[] = [
  ['a text of a mebibyte', { sql: NASTY.repeat(Math.ceil(MEBIBYTE / NASTY.length)), last: 'THE-END' }],
  ['many members', { ...Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, NASTY])), last: 'THE-END' }],
  ['deep ones', { deep: nested(40), last: 'THE-END' }],
  ['names like those of objects', { __proto__x: NASTY, constructor: NASTY, toString: 'x', last: 'THE-END' }],
]

it.each(ARGUMENTS)('%s: all of it is on the page, and nothing of it is markup or hides', async (_, args) => {
  const id = await world.askAt(args)
  const { page } = await world.logIn('bob', id)
  expect(page.status).toBe(200)
  expect(page.text).toContain('THE-END')
  expect(page.text).not.toContain('<script')
  expect(page.text).not.toContain('<img')
  expect(NOT_DRAWN.exec(page.text)).toBeNull()
  expect(page.text).toContain('There are characters in it that are not drawn.')
  const env = {
    SALLYPORT_URL: world.gateway.base(),
    SALLYPORT_TOKEN: await world.provider.token('bob', world.gateway.base()),
  }
  const { code, stdout } = await runProgram({ args: ['src/cli/main.ts', 'approvals', 'show', id], env })
  expect(code).toBe(0)
  expect(stdout).toContain('THE-END')
  expect(NOT_DRAWN.exec(stdout)).toBeNull()
  const list = await world.logIn('bob')
  expect(list.page.text).toContain(id)
  expect(list.page.text.length).toBeLessThan(100_000)
})
