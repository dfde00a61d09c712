import type { CloudFacts, K8sFacts, ShellCommand, ShellFacts, ShellVerb, SqlFacts } from '../facts.ts'
import { isDynamic, shown } from './marks.ts'
import { isEnvironmentFile, isSensitive, isSensitiveTree } from './sensitive.ts'

/** As it is pinned in package.json; a back-test compares it. */
const PARSER = 'unbash@6.0.4'

/** Folders that are kept in mind. */
const FOLDERS_MAX = 16
/** Answers that are kept in mind; a text of 16 KiB has fewer paths, but for loops. */
const ANSWERS_MAX = 4_096

/** What of a path is used: its content, everything below it, or only its name and dates. */
export type PathUse = 'content' | 'tree' | 'name'

/** Collects what the commands of one text would do. The only writer of these lists is the reader of that text. */
export class Findings {
  readonly #verbs = new Set<ShellVerb>()
  readonly #programs = new Set<string>()
  readonly #flags = new Set<string>()
  readonly #reads = new Set<string>()
  readonly #writes = new Set<string>()
  readonly #urls = new Set<string>()
  readonly #hosts = new Set<string>()
  readonly #commands: ShellCommand[] = []
  readonly #sql: SqlFacts[] = []
  readonly #k8s: K8sFacts[] = []
  readonly #cloud: CloudFacts[] = []
  #depth = 0
  #error: string | undefined
  /** Folders that the text changes to: relative paths may be meant from there. */
  readonly #folders: string[] = []
  /** There were too many of them. */
  #isLost = false
  /** Answers about paths, which loops ask again and again; forgotten when the folder changes. */
  readonly #sensitive = new Map<string, boolean>()

  verb(...verbs: readonly ShellVerb[]): void {
    for (const verb of verbs) this.#verbs.add(verb)
  }

  flag(...flags: readonly string[]): void {
    for (const flag of flags) this.#flags.add(flag)
  }

  /** Nobody knows what this does. */
  unknown(...flags: readonly string[]): void {
    this.verb('unknown')
    this.flag(...flags)
  }

  command(command: ShellCommand): void {
    this.#commands.push(command)
    if (command.program !== '\0') this.#programs.add(command.program)
  }

  get commandsCount(): number {
    return this.#commands.length
  }

  /** Relative paths may be meant from this folder, from here on; and it from the ones before. */
  enter(folder: string): void {
    if (this.#isLost) return
    const added = /^[/~]/.test(folder) ? [folder] : [folder, ...this.#folders.map((before) => `${before}/${folder}`)]
    this.#folders.push(...added.filter((path) => !this.#folders.includes(path)))
    this.#sensitive.clear()
    if (this.#folders.length <= FOLDERS_MAX) return
    // Each one is looked up for each path, and nobody changes the folder that often.
    this.#isLost = true
    this.#folders.length = 0
    this.unknown()
  }

  /** A file whose content, or only whose name, a command shows. A sensitive one is no read that a rule may let through. */
  read(path: string, use: PathUse = 'content'): void {
    this.#addPath(this.#reads, path)
    if (!this.#isSensitive(path, use === 'tree')) return
    this.flag('sensitive_path')
    if (isEnvironmentFile(path)) this.flag('secrets')
    if (use !== 'name') this.verb('unknown')
  }

  write(path: string): void {
    this.verb('write')
    if (isDynamic(path)) this.flag('dynamic_path')
    this.#addPath(this.#writes, path)
    if (this.#isSensitive(path, false)) this.flag('sensitive_path')
  }

  #isSensitive(path: string, isTree: boolean): boolean {
    const key = `${isTree ? 't' : 'f'}${path}`
    const known = this.#sensitive.get(key)
    if (known !== undefined) return known
    const answer = isTree ? isSensitiveTree(path, this.#folders) : isSensitive(path, this.#folders)
    if (this.#sensitive.size < ANSWERS_MAX) this.#sensitive.set(key, answer)
    return answer
  }

  #addPath(to: Set<string>, path: string): void {
    const text = shown(path)
    if (text !== '' && text !== '-') to.add(text)
  }

  /** Words that name a sensitive file wherever they stand: what an unknown program does with them is unknown. */
  mention(word: string): void {
    const path = word.replace(/^(?:--?[\w-]+=|@|[\w-]+=@?|[\w.-]+:)/, '')
    if (/[/.~_]/.test(path) && this.#isSensitive(path, false)) this.flag('sensitive_path')
  }

  url(url: string): void {
    this.#urls.add(url)
  }

  host(host: string): void {
    if (host !== '') this.#hosts.add(host)
  }

  sql(facts: SqlFacts): void {
    this.#sql.push(facts)
  }

  k8s(facts: K8sFacts): void {
    this.#k8s.push(facts)
  }

  cloud(facts: CloudFacts): void {
    this.#cloud.push(facts)
  }

  depth(depth: number): void {
    this.#depth = Math.max(this.#depth, depth)
  }

  /** The text cannot be read whole; the first reason is the one that is shown. */
  fail(error: string, flag: string): void {
    this.#error ??= error
    this.flag(flag)
  }

  /** Not even a verb was found. */
  get isEmpty(): boolean {
    return this.#verbs.size === 0 && this.#error === undefined
  }

  toFacts(): ShellFacts {
    const flags = [...this.#flags].toSorted()
    const isNetwork = this.#verbs.has('network') || this.#flags.has('dev_tcp') || this.#flags.has('remote')
    return {
      present: true,
      parsed: this.#error === undefined,
      error: this.#error ?? '',
      parser: PARSER,
      dynamic: this.#flags.has('dynamic_program') || this.#flags.has('dynamic_code'),
      verbs: [...this.#verbs].toSorted(),
      programs: [...this.#programs].toSorted(),
      commands: this.#commands,
      flags,
      writes: [...this.#writes].toSorted(),
      reads: [...this.#reads].toSorted(),
      urls: [...this.#urls].toSorted(),
      hosts: [...this.#hosts].toSorted(),
      network: isNetwork,
      sudo: ['sudo', 'doas', 'su', 'runuser', 'pkexec', 'run0'].some((program) => this.#programs.has(program)),
      sql: this.#sql,
      k8s: this.#k8s,
      cloud: this.#cloud,
      depth: this.#depth,
    }
  }
}
