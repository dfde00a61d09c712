import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LOOKS, recordLook } from './look.ts'

/** As whom a gateway may run where it does not run as root. */
const NOBODY = 65_534
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-look-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('a look of root belongs to whose gateway is to read it', async () => {
  const looks = join(folder, LOOKS)
  mkdirSync(looks)
  if (process.getuid?.() === 0) chownSync(looks, NOBODY, NOBODY)
  await recordLook(folder, { kind: 'view', view: { what: 'tail' } })
  const files = readdirSync(looks).map((name) => statSync(join(looks, name)))
  const { gid, uid } = statSync(looks)
  expect(files).toMatchObject([{ uid, gid }])
})
