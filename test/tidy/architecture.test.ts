import { describe, expect, it } from 'vitest'
import { filesIn } from './files.ts'
import { folderOf, forbiddenImports, MAY_IMPORT } from './matrix.ts'

const sources = filesIn('src', ['.ts']).filter(({ path }) => !path.endsWith('.test.ts'))

describe('the architecture', () => {
  it.each(Object.keys(MAY_IMPORT))('%s imports only what the table allows', (folder) => {
    const files = sources.filter(({ path }) => folderOf(path) === folder)
    expect(files.flatMap(forbiddenImports)).toEqual([])
  })

  it('has a line in the table for every folder', () => {
    const unknown = sources.map(({ path }) => folderOf(path)).filter((folder) => !(folder in MAY_IMPORT))
    expect([...new Set(unknown)]).toEqual([])
  })
})

describe('the check of the architecture notices', () => {
  it.each([
    ['a value import', "import { carry } from '../gateway/carry.ts'"],
    ['a type-only import', "import type { Gateway } from '../gateway/carry.ts'"],
    ['an import over several lines', "import {\n  carry,\n  type Gateway,\n} from '../gateway/carry.ts'"],
    ['a re-export', "export { carry } from '../gateway/carry.ts'"],
    ['an import for its effect', "import '../gateway/carry.ts'"],
    ['a dynamic import', "const carry = await import('../gateway/carry.ts')"],
    ['a type in an import expression', "type Carry = import('../gateway/carry.ts').Carry"],
    ['a file that a worker runs', "new Worker(new URL('../gateway/carry.ts', import.meta.url))"],
    ['an import behind a comment', "/* policy */ import { carry } from '../gateway/carry.ts'"],
  ])('%s', (_, text) => {
    expect(importing('src/policy/bad.ts', text)).toEqual(['src/policy/bad.ts -> gateway/carry.ts'])
  })

  it.each([
    ['a module of Node', "import { readFileSync } from 'node:fs'", 'node:fs'],
    ['a package', "import { Pool } from 'undici'", 'undici'],
    ['a package with a scope', "import { x } from '@scope/name/deep.js'", '@scope/name/deep.js'],
    ['a name put together at run time', 'await import(`../${folder}/x.ts`)', '(computed)'],
  ])('%s', (_, text, to) => {
    expect(importing('src/policy/bad.ts', text)).toEqual([`src/policy/bad.ts -> ${to}`])
  })

  it('a deeper folder of the same forbidden kind', () => {
    const path = 'src/policy/deep/bad.ts'
    expect(importing(path, "import { carry } from '../../gateway/carry.ts'")).toEqual([`${path} -> gateway/carry.ts`])
  })

  it('that configuration reaches for the demo, which only the command line may', () => {
    const text = "import { demo } from '../demo/demo.ts'"
    expect(importing('src/config/bad.ts', text)).toHaveLength(1)
    expect(importing('src/cli/good.ts', text)).toEqual([])
  })

  it('that anybody but the demo reaches for the command line', () => {
    const text = "import { serve } from '../cli/serve.ts'"
    expect(importing('src/config/bad.ts', text)).toHaveLength(1)
    expect(importing('src/gateway/bad.ts', text)).toHaveLength(1)
    expect(importing('src/demo/good.ts', text)).toEqual([])
  })

  it('that a folder nobody knows imports anything at all', () => {
    expect(importing('src/misc/bad.ts', "import { assert } from '../base/assert.ts'")).toHaveLength(1)
  })

  it('nothing in a comment, a string or an import that is allowed', () => {
    const text = [
      "// import { carry } from '../gateway/carry.ts'",
      "/* import('../gateway/carry.ts') */",
      "import { assert } from '../base/assert.ts'",
      "import { match } from './match.ts'",
    ].join('\n')
    expect(importing('src/policy/good.ts', text)).toEqual([])
  })
})

function importing(path: string, text: string): string[] {
  return forbiddenImports({ path, text })
}
