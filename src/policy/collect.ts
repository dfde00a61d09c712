import { Shape } from './check-shape.ts'
import { suggest, type Mistake } from './mistake.ts'
import type { IncludeEntry, PackEntry, PolicyFile, RuleEntry, TestEntry } from './policy-file.ts'
import { includedSchema, policySchema } from './policy-schema.ts'
import type { Conditions } from './rule.ts'
import { readYaml, type Path, type YamlDocument } from './yaml-source.ts'

/** A file that another one names. */
export interface IncludedFile {
  readonly file: string
  readonly text: string
}

/** A rule as written, and where. */
export interface SourceRule {
  readonly entry: RuleEntry
  readonly document: YamlDocument
  readonly path: Path
  /** What an include excepts from it, beside its own. */
  readonly alsoExcept: readonly Conditions[]
  /** Name of the pack that brings it: a pack may speak of what is not there. */
  readonly pack: string | undefined
}

/** What a policy wants of a pack otherwise, and where it says so. */
export interface SourcePack {
  readonly entry: PackEntry
  readonly path: Path
}

export interface SourceTest {
  readonly entry: TestEntry
  readonly document: YamlDocument
  readonly path: Path
}

/** A policy and what it includes, each held against its schema. */
export interface Sources {
  readonly document: YamlDocument
  readonly file: PolicyFile
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly rules: readonly SourceRule[]
  readonly packs: readonly SourcePack[]
  readonly tests: readonly SourceTest[]
  /** Texts of all files, the main one first: the version is made of them. */
  readonly texts: readonly string[]
  /** Names of the included files. */
  readonly included: readonly string[]
}

export interface Places {
  /** Name for mistakes. */
  readonly file: string
  /** Undefined where there is no such pack; the names there are, for a hint. */
  readonly pack: (name: string) => IncludedFile | undefined
  readonly packNames: readonly string[]
  /** A file beside this one. */
  readonly beside: (name: string) => IncludedFile | undefined
}

/** Reads a policy and everything it includes. Mistakes in any of them are added to `mistakes`. */
export function collect(text: string, places: Places, mistakes: Mistake[]): Sources | undefined {
  const main = readShaped({ file: places.file, text }, POLICY, mistakes)
  if (main === undefined) return undefined
  const { document, value: file } = main
  const groups: Record<string, readonly string[]> = { ...file.groups }
  const own = file.rules.map((entry, i) => sourceRule(entry, document, ['rules', i]))
  const tests = testsOf(file, document)
  const texts = [text]
  const names: string[] = []
  const rules = [...own]
  const packs: SourcePack[] = []
  for (const [i, include] of (file.include ?? []).entries()) {
    const path = ['include', i]
    const found = locate(include, places)
    const wrong = found === undefined ? unknownInclude(include, places) : twice(found, names)
    if (wrong !== undefined) mistakes.push(document.at(path, wrong.message, wrong.hint))
    if (found === undefined || wrong !== undefined) continue
    if (found.pack !== undefined) packs.push({ entry: found.pack, path })
    const read = readShaped(found.included, INCLUDED, mistakes)
    texts.push(found.included.text)
    names.push(found.included.file)
    if (read === undefined) continue
    // A pack's own groups are for its own tests.
    if (found.pack === undefined) addGroups(groups, read, mistakes)
    rules.push(...includedRules(found, read, { document, path }, mistakes))
    // The tests of a pack have a world of their own; those of a file belong to this one.
    if (found.pack === undefined) tests.push(...testsOf(read.value, read.document))
  }
  return { document, file, groups, rules, packs, tests, texts, included: names }
}

const POLICY = new Shape<PolicyFile>(policySchema())
const INCLUDED = new Shape<PolicyFile>(includedSchema())

interface Read<T> {
  readonly document: YamlDocument
  readonly value: T
}

function readShaped<T>({ file, text }: IncludedFile, shape: Shape<T>, mistakes: Mistake[]): Read<T> | undefined {
  const { documents, mistakes: wrong } = readYaml(text, file)
  mistakes.push(...wrong)
  const [document, second] = documents
  if (document === undefined) {
    mistakes.push({ file, line: 1, column: 1, message: 'the file is empty', hint: 'it begins with version: 1' })
    return undefined
  }
  if (second !== undefined)
    mistakes.push(second.at([], 'a policy file holds one document', 'remove the line --- before this'))
  if (wrong.length > 0 || second !== undefined) return undefined
  const shaped = shape.check(document)
  if (shaped.kind === 'shaped') return { document, value: shaped.value }
  mistakes.push(...shaped.mistakes)
  return undefined
}

function sourceRule(entry: RuleEntry, document: YamlDocument, path: Path): SourceRule {
  return { entry, document, path, alsoExcept: [], pack: undefined }
}

function testsOf(file: PolicyFile, document: YamlDocument): SourceTest[] {
  return (file.tests ?? []).map((entry, i) => ({ entry, document, path: ['tests', i] }))
}

interface Located {
  readonly included: IncludedFile
  readonly pack: PackEntry | undefined
}

function locate(include: IncludeEntry, { pack, beside }: Places): Located | undefined {
  if (typeof include === 'string' && !include.startsWith(PACK)) {
    const included = beside(include)
    return included === undefined ? undefined : { included, pack: undefined }
  }
  const entry = typeof include === 'string' ? { pack: include.slice(PACK.length) } : include
  const included = pack(entry.pack)
  return included === undefined ? undefined : { included, pack: entry }
}

const PACK = 'pack:'

interface WrongInclude {
  readonly message: string
  readonly hint: string | undefined
}

function twice({ included: { file } }: Located, names: readonly string[]): WrongInclude | undefined {
  if (!names.includes(file)) return undefined
  return { message: 'this is included already', hint: 'once is enough; connections: can name several' }
}

function unknownInclude(include: IncludeEntry, { packNames }: Places): WrongInclude {
  if (typeof include === 'string' && !include.startsWith(PACK)) {
    const isFile = /[./]/.test(include)
    return {
      message: `the file ${include} cannot be read`,
      hint: isFile
        ? 'it must be a .yaml file beside this one'
        : `a pack is named pack:NAME, such as pack:${packNames[0] ?? 'NAME'}`,
    }
  }
  const name = typeof include === 'string' ? include.slice(PACK.length) : include.pack
  return { message: `there is no pack "${name}"`, hint: suggest(name, packNames) }
}

function addGroups(groups: Record<string, readonly string[]>, read: Read<PolicyFile>, mistakes: Mistake[]): void {
  for (const [name, claims] of Object.entries(read.value.groups ?? {})) {
    if (Object.hasOwn(groups, name))
      mistakes.push(
        read.document.atKey(
          ['groups', name],
          `the group "${name}" is defined in another file already`,
          'define it in one',
        ),
      )
    groups[name] = claims
  }
}

function includedRules(
  { pack }: Located,
  { document, value }: Read<PolicyFile>,
  from: { document: YamlDocument; path: Path },
  mistakes: Mistake[],
): SourceRule[] {
  const ids = value.rules.map(({ id }) => id)
  for (const [i, id] of (pack?.without ?? []).entries())
    if (!ids.includes(id))
      mistakes.push(from.document.at([...from.path, 'without', i], `the pack has no rule "${id}"`, suggest(id, ids)))
  return value.rules.flatMap((entry, i) => {
    if (pack?.without?.includes(entry.id) === true) return []
    return [
      {
        entry: pack === undefined ? entry : adapted(entry, pack),
        document,
        path: ['rules', i],
        alsoExcept: pack?.except === undefined ? [] : [pack.except],
        pack: pack?.pack,
      },
    ]
  })
}

/** A pack knows no groups: what it wants approved is approved by whom the include names, or denied. */
function adapted(entry: RuleEntry, { connections, approvers }: PackEntry): RuleEntry {
  const match = connections === undefined ? entry.match : { ...entry.match, connections }
  if (entry.effect !== 'approve') return { ...entry, match }
  const { approval, ...rest } = entry
  if (approvers === undefined) return { ...rest, match, effect: 'deny' }
  return { ...rest, match, approval: { ...approval, by: [{ group: approvers }] } }
}
