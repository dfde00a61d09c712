// What the documents say, done: examples load, commands are there, paths and links lead somewhere, errors are all named.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { printMistakes } from '../../src/config/print-mistakes.ts'
import { CODES, OUR_CODES, SESSION_NOT_FOUND } from '../../src/protocol/errors.ts'
import { root, runProgram } from '../support/process.ts'
import { filesIn } from '../tidy/files.ts'

interface Block {
  readonly language: string
  readonly text: string
}

interface Example {
  readonly name: string
  readonly text: string
}

const documents = filesIn('.', ['.md']).filter(({ path }) => !path.includes('node_modules'))

/** For pages that show connections but no main file, or a main file but no policy. */
const DEFAULTS: readonly Example[] = [
  {
    name: 'sallyport.yaml',
    text: 'version: 1\nidentity: { issuers: [{ issuer: https://login.example.com }] }\nmaster_key: file:master.key\nresources: [connections/]\n',
  },
  {
    name: 'policy.yaml',
    text: 'version: 1\nrules: [{ id: all, effect: allow, match: { connections: ["*"] } }]\n',
  },
  {
    name: 'connections/default.yaml',
    text: 'kind: Connection\nname: default\nupstream: { http: { url: https://mcp.example.com/mcp } }\n',
  },
]

const worlds = documents.flatMap(({ path, text }) => worldsOf(path, examplesIn(text)))

describe('the examples in the documents', () => {
  it('are there', () => {
    const pages = new Set(worlds.map(({ page }) => page))
    for (const page of [
      'README.md',
      'docs/getting-started.md',
      'docs/connections.md',
      'docs/identity.md',
      'docs/policy.md',
    ])
      expect(pages).toContain(page)
  })

  it.each(worlds)('of $page load, $title', async ({ files }) => {
    expect(await load(files)).toBe('loads')
  })

  it('would not load with a mistake in them', async () => {
    const broken = worldsOf('x', [{ name: 'policy.yaml', text: 'version: 1\nrules: [{ id: a, effect: perhaps }]\n' }])
    expect(await load(broken[0]?.files ?? [])).toContain('policy.yaml:2')
  })

  it('that are JSON can be read', () => {
    for (const { text } of documents)
      for (const block of blocksIn(text).filter(({ language }) => language === 'json'))
        expect(() => JSON.parse(block.text)).not.toThrow()
  })
})

const AT_A_TIME = 4

describe('the commands in the documents', () => {
  it('exist, with the options that are shown', async () => {
    const lines = [...new Set(documents.flatMap(({ text }) => commandsIn(text)))]
    expect(lines.length).toBeGreaterThan(10)
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-docs-'))
    const wrong: string[] = []
    try {
      // Each is a process of its own that ends at once; some at a time, since there are many.
      for (let at = 0; at < lines.length; at += AT_A_TIME)
        await Promise.all(
          lines.slice(at, at + AT_A_TIME).map(async (line) => {
            const args = [join(root, 'src/cli/main.ts'), ...line.split(' ').slice(1)]
            const done = await runProgram({ args, cwd: folder })
            if (/There is no command|Unknown option|Unexpected argument/.test(done.stderr))
              wrong.push(`${line}: ${done.stderr}`)
          }),
        )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    expect(wrong).toEqual([])
  }, 400_000)

  it('that a sentence names exist', async () => {
    const help = await runProgram({ args: [join(root, 'src/cli/main.ts'), 'help'] })
    const known = [...help.stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)
    const named = documents.flatMap(({ text }) =>
      [...text.matchAll(/`(?:npx )?sallyport ([a-z]+)/g)].map(([, name]) => name),
    )
    expect(known).toContain('serve')
    expect(named.filter((name) => name !== 'help' && !known.includes(name))).toEqual([])
  })
})

describe('what the documents point at', () => {
  it('is there: files', () => {
    const missing = documents.flatMap(({ path, text }) =>
      pathsIn(text)
        .filter((named) => !existsSync(join(root, named)))
        .map((named) => `${path}: ${named}`),
    )
    expect(missing).toEqual([])
  })

  it('is there: links, and the headings they lead to', async () => {
    const missing: string[] = []
    for (const { path, text } of documents)
      for (const link of linksIn(text)) if (!(await leads(path, link))) missing.push(`${path}: ${link}`)
    expect(missing).toEqual([])
  })
})

describe('docs/errors.md', () => {
  const page = documents.find(({ path }) => path === 'docs/errors.md')?.text ?? ''

  it('has every code', () => {
    // -31400 is not sent by anything yet; the page names it as the end of the range.
    for (const code of [...Object.values(CODES), ...Object.values(OUR_CODES), SESSION_NOT_FOUND])
      expect(page).toContain(String(code))
  })

  it.each(['src/identity/refusal.ts', 'src/base/assert.ts'])('has every reason of %s', async (file) => {
    const source = await readFile(join(root, file), 'utf8')
    const reasons = [...source.matchAll(/^ {2}\| '(\w+)'$/gm)].map(([, reason]) => reason)
    expect(reasons.length).toBeGreaterThan(5)
    for (const reason of reasons) expect(page).toContain(`\`${reason}\``)
  })
})

it('the documents promise nothing that nobody can keep', () => {
  const words =
    /\b(?:immutable|tamper[- ]?proof|unbreakable|military[- ]grade|bullet[- ]?proof|100 ?% secure|seamless(?:ly)?)\b/i
  expect(documents.filter(({ text }) => words.test(text)).map(({ path }) => path)).toEqual([])
})

function blocksIn(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))
}

/** Blocks of YAML that begin with the name of a file. */
function examplesIn(markdown: string): Example[] {
  return blocksIn(markdown)
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ text }) => {
      const name = /^# file: (\S+)$/m.exec(text.slice(0, text.indexOf('\n')))?.[1]
      return name === undefined ? [] : [{ name, text }]
    })
}

/** The examples of a page are one folder; each further `sallyport.yaml` is another variant of it. */
function worldsOf(
  page: string,
  examples: readonly Example[],
): { page: string; title: string; files: readonly Example[] }[] {
  if (examples.length === 0) return []
  const mains = examples.filter(({ name }) => name === 'sallyport.yaml')
  const others = examples.filter(({ name }) => name !== 'sallyport.yaml')
  const missing = DEFAULTS.filter(
    ({ name }) =>
      !others.some((other) => dirname(other.name) === dirname(name) && (dirname(name) !== '.' || other.name === name)),
  )
  return (mains.length === 0 ? DEFAULTS.slice(0, 1) : mains).map((main, at) => ({
    page,
    title: `variant ${at + 1}`,
    files: [...missing.filter(({ name }) => name !== 'sallyport.yaml'), ...others, main],
  }))
}

async function load(files: readonly Example[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-docs-'))
  try {
    for (const { name, text } of files) {
      await mkdir(join(folder, dirname(name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    const loaded = await loadConfig(join(folder, 'sallyport.yaml'), { SALLYPORT_MASTER_KEY: 'x'.repeat(44) })
    return loaded.kind === 'config' ? 'loads' : printMistakes(loaded.mistakes)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Lines of shell that call the binary; the demo would start, so it is left out. */
function commandsIn(markdown: string): string[] {
  return blocksIn(markdown)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .flatMap((line) => /(?:^|\| )(?:npx )?(sallyport .+)$/.exec(line)?.[1] ?? [])
    .filter((line) => !line.startsWith('sallyport demo'))
}

/** Paths of the repository between backticks. */
function pathsIn(markdown: string): string[] {
  return (
    [...markdown.matchAll(/`((?:src|test|scripts|bench|examples|docs|decisions)\/[\w./-]*)`/g)]
      .map(([, path = '']) => path)
      // The example of a message, not of a file.
      .filter((path) => !path.includes('/bad.'))
  )
}

function linksIn(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
}

async function leads(from: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(root, target))) return false
  if (anchor === undefined) return true
  const text = await readFile(join(root, target), 'utf8')
  return [...text.matchAll(/^#+ (.+)$/gm)].some(([, heading = '']) => slugOf(heading) === anchor)
}

/** As GitHub makes it. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}
