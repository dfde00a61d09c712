// The page about masking, done: its files written down, its commands typed in that folder.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import { Document } from '../../src/masking/document.ts'
import { compilePath, findPaths } from '../../src/masking/structure/paths.ts'
import { runCommand } from '../support/commands.ts'
import { root } from '../support/process.ts'

const NOTE = 'To ann.lee@corp.example from 10.20.30.40, number 9434765919.\n'
const ROW = '{"email":"ann.lee@corp.example","card":"4111 1111 1111'.concat(' 1111","internal_note":"x y z"}\n')

const NOTES = 'id,internal_note\n7,owes us\n'

let folder: string
let page: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-docs-'))
  page = await readFile(join(root, 'docs/masking.md'), 'utf8')
  const examples = [...page.matchAll(/^```yaml\n# file: (\S+)\n([\s\S]*?)^```$/gm)]
  const files = [
    ['note.txt', NOTE],
    ['row.json', ROW],
    ['notes.csv', NOTES],
    ...examples.map(([, name = '', text = '']) => [name, text]),
  ]
  for (const [name = '', text = ''] of files) {
    await mkdir(join(folder, dirname(name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Paths in the first column of the table of them. */
function pathsOfPage(): string[] {
  const [, table = ''] = /\n\| path [^\n]*\n\|[ -|]+\n([^]*?)\n\n/.exec(page) ?? []
  return table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(.*?)`/g)].map(([, path = '']) => path))
}

function run(line: string, input?: string) {
  return runCommand(line.split(' ').slice(1), { cwd: folder, input })
}

/** The command of the page that has these words. */
function lineWith(...words: string[]): string {
  const lines = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, text = '']) => text.trimEnd().split('\n'))
  const [line, ...more] = lines.filter((one) => words.every((word) => one.split(' ').includes(word)))
  if (line === undefined || more.length > 0) throw new Error(`the page has no single command with ${words.join(' ')}`)
  return line
}

describe('the commands of docs/masking.md', () => {
  it('show what is found, near misses, and kinds that are named', async () => {
    expect((await run('sallyport mask note.txt')).stdout).toMatch(/^To sur_email_\w+ from 10\.20\.30\.40, number 943/)
    expect((await run(lineWith('mask', '--all'))).stdout).toMatch(/\nuk_nhs +1:\d+ +0\.\d\d +none\n/)
    const { stdout } = await run(lineWith('--entity', 'network'))
    expect(stdout).toMatch(/^To ann\.lee@corp\.example from (?!10)\S+, number (?!9434765919)/)
  })

  it('show what the rules of the page say', async () => {
    const shown = await run(lineWith('row.json', 'dba-team'))
    expect(shown.stdout).toMatch(/"card":"x[x-]+1111","internal_note":"redacted:field"/)
    expect(shown.code).toBe(0)
    const held = await run(lineWith('--direction'))
    expect(held.stdout).toMatch(/^This call holds a value of the kind (?:email|credit_card)/)
    expect(held.code).toBe(1)
  })

  it('show that a path names no column, and what each of the paths of the page names', async () => {
    const { stdout } = await run(lineWith('notes.csv'))
    expect(stdout).toContain(`${NOTES}\n`)
    expect(stdout).toContain('This is no JSON')
    const { structure } = new Document(encodeUtf8(/```json\n([^]*?)```/.exec(page)?.[1] ?? ''))
    expect(pathsOfPage()).toHaveLength(9)
    for (const path of pathsOfPage()) {
      const found: string[] = []
      const pattern = compilePath(path)
      if (structure !== undefined && !('mistake' in pattern))
        findPaths([pattern], structure, (value) => found.push(value.structure.path(value.token)))
      expect([path, found.length > 0]).toEqual([path, true])
    }
  })

  it('show what partial leaves of a card that is a number', async () => {
    await writeFile(join(folder, 'number.json'), '{"card":4111111111'.concat('111111}'))
    const { stdout } = await run(lineWith('row.json', 'dba-team').replace('row.json', 'number.json'))
    expect(page).toContain('`partial` leaves only how long it is (`1000000000000000`)')
    expect(stdout).toMatch(/^\{"card":1000000000000000\}/)
  })

  it('look for all kinds but those of the last row, and for postcodes under their keys', async () => {
    const { stdout } = await run('sallyport mask --coverage --json')
    const { notLookedFor } = JSON.parse(stdout) as { notLookedFor: string[] }
    const [said = ''] = /The kinds of the last row are [^:]*:/.exec(page) ?? []
    expect([...said.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(notLookedFor)
    await writeFile(join(folder, 'place.json'), '{"postcode":"SW1A 1AA","zip":"94103","plz":"10115","at":"SW1A 2AA"}')
    expect((await run('sallyport mask place.json')).stdout).toMatch(
      /^\{"postcode":"sur_postal_address_\w+","zip":"sur_postal_address_\w+","plz":"sur_postal_address_\w+","at":"SW1A 2AA"\}/,
    )
  })

  it('find the kinds of the page’s own', async () => {
    const line = 'sallyport mask -c sallyport.yaml --connection customers --tool find_customer'
    const { stdout } = await run(line, 'EMP-004711 works on Bluebird')
    expect(stdout).toMatch(/^ExxxXxxxxx|^E[x-]+ works on redacted:project\n/)
  })

  it('print what is covered', async () => {
    expect((await run(lineWith('--coverage'))).stdout).toContain('\nNot inspected\n')
  })

  it('erase stand-ins, of which there are none yet', async () => {
    for (const whose of ['--principal', '--connection', '--all']) {
      const { code, stderr } = await run(lineWith('forget', whose))
      expect(stderr).toMatch(/^No such stand-ins are kept in /)
      expect(code).toBe(1)
    }
  })
})
