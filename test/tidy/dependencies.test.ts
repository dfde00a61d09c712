import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandsNamedIn, isExact, rowsOf } from './documents.ts'
import { filesIn, root } from './files.ts'

const manifest: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)
const dependencies = {
  ...manifest['dependencies'],
  ...manifest['optionalDependencies'],
  ...manifest['devDependencies'],
}
const documents = filesIn('.', ['.md'])

describe('dependencies', () => {
  it('are pinned to exactly one version', () => {
    expect(Object.entries(dependencies).filter(([, version]) => !isExact(version))).toEqual([])
  })

  it('are all explained in docs/dependencies.md, in the version that is used, and no others', () => {
    const page = documents.find(({ path }) => path === 'docs/dependencies.md')?.text ?? ''
    expect(Object.fromEntries(rowsOf(page).map(([name, version]) => [name, version]))).toEqual(dependencies)
    expect(rowsOf(page).filter((row) => row.some((cell) => cell === ''))).toEqual([])
  })
})

describe('commands in the documents', () => {
  it('exist as scripts of package.json', () => {
    const scripts = Object.keys(manifest['scripts'] ?? {})
    const missing = documents.flatMap(({ path, text }) =>
      commandsNamedIn(text)
        .filter((name) => !scripts.includes(name))
        .map((name) => `${path}: npm run ${name}`),
    )
    expect(missing).toEqual([])
  })
})

describe('the checks of the documents', () => {
  it.each(['^1.2.3', '~1.2.3', '1.x', '*', 'latest', '>=1.2.3', '1.2', 'npm:name@^1.2.3', 'git+https://host/a.git'])(
    'take %s for no exact version',
    (version) => {
      expect(isExact(version)).toBe(false)
    },
  )

  it.each(['1.2.3', '0.2.0-alpha.12', 'npm:@scope/name@1.2.3'])('take %s for an exact version', (version) => {
    expect(isExact(version)).toBe(true)
  })

  it('read the rows of every table, without its head', () => {
    const page =
      'Text\n\n| package | version |\n|---|---|\n| a | 1.0.0 |\n\n| package | version |\n|---|---|\n| @b/c | 2.0.0 |\n'
    expect(rowsOf(page)).toEqual([
      ['a', '1.0.0'],
      ['@b/c', '2.0.0'],
    ])
  })

  it('find the scripts that a text tells people to run', () => {
    const text =
      'Run `npm start`, then `npm test -- unit`, `npm run test:crash` and npm run build.\nnpm install works anyway.'
    expect(commandsNamedIn(text)).toEqual(['start', 'test', 'test:crash', 'build'])
  })
})
