// Walks the syntax tree in the order in which the shell would run it. Every command is judged, whatever it stands in;
// what cannot be read ends in `parsed: false` (guardrails.md, 4.3).
import { parse } from 'unbash'
import type { AndOr, CommandNode, ParsedScript, Pipeline, PipelineNode, Statement } from 'unbash'
import { DEPTH_MAX, type Dialect, type SqlFacts } from '../facts.ts'
import { assignedIn } from './assigned.ts'
import { judgeCompound, type CompoundNode, type Visitor } from './compound.ts'
import { dispatch } from './dispatch.ts'
import { isDangerousVariable } from './environment.ts'
import type { Findings } from './findings.ts'
import { NO_INPUT, type Call, type Input } from './judge.ts'
import { isDynamic } from './marks.ts'
import { outputOf } from './output.ts'
import { judgeRedirections } from './redirections.ts'
import { Scope, type Value } from './scope.ts'
import { judgeSimple, type Judged } from './simple.ts'
import { addSql } from './sql.ts'

/** Reads SQL that is given to a client of that dialect. */
export type ReadSql = (text: string, dialect: Dialect) => SqlFacts

/** POSIX, Shell Command Language, 2.14. */
const SPECIAL = new Set(
  'break : continue . eval exec exit export readonly return set shift times trap unset'.split(' '),
)

/** A limit was reached: nothing more is looked at. Never leaves this folder. */
export class OverLimit extends Error {}

export class Walker implements Visitor {
  readonly found: Findings
  readonly #readSql: ReadSql | undefined
  scope = new Scope()
  rounds = 1
  allRounds = 0
  #via = ''
  #depth = 0
  #input: Input = NO_INPUT

  constructor(found: Findings, readSql: ReadSql | undefined) {
    this.found = found
    this.#readSql = readSql
  }

  script(text: string, how: { readonly via: string; readonly isSameShell?: boolean }): void {
    if (isDynamic(text)) this.found.unknown('dynamic_code')
    // oxlint-disable-next-line no-control-regex -- the marks of unknown parts
    const script = parse(text.replaceAll(/[\0-\x07]/g, '${unknown}'))
    const scope = how.isSameShell === true ? this.scope : new Scope()
    this.#inside(how.via, scope, () => this.#parsed(script))
    if (how.isSameShell === true) this.scope.makeOpaque()
  }

  substitution(script: ParsedScript | undefined, via: string): void {
    if (script === undefined) return this.found.fail('a substitution cannot be read', 'unparsable')
    this.#inside(via, this.scope.fork(), () => this.#parsed(script))
  }

  #parsed(script: ParsedScript): void {
    const [error] = script.errors ?? []
    if (error !== undefined) this.#stop(`not a complete command: ${error.message}`, 'unparsable')
    this.statements(script.commands)
  }

  #inside(via: string, scope: Scope, action: () => void): void {
    const before = { via: this.#via, scope: this.scope, input: this.#input }
    this.#via = before.via === '' ? via : before.via.length > 100 ? before.via : `${before.via} ${via}`
    this.scope = scope
    this.#input = NO_INPUT
    this.deeper(action)
    this.#via = before.via
    this.scope = before.scope
    this.#input = before.input
  }

  deeper(action: () => void): void {
    this.#depth += 1
    this.found.depth(this.#depth)
    if (this.#depth > DEPTH_MAX) this.overLimit(`the command is nested deeper than ${DEPTH_MAX} levels`)
    action()
    this.#depth -= 1
  }

  statements(statements: readonly Statement[]): void {
    for (const { command, background } of statements) {
      if (background === true) this.inFork(() => this.#node(command))
      else this.#node(command)
    }
  }

  /** Runs in a copy of the scope, which is returned: a subshell, or one of several ways. */
  inFork(action: () => void): Scope {
    const outer = this.scope
    const fork = outer.fork()
    this.scope = fork
    action()
    this.scope = outer
    return fork
  }

  #node(node: PipelineNode | AndOr): void {
    if (node.type === 'AndOr') return this.#andOr(node)
    if (node.type === 'Pipeline') return this.#pipeline(node)
    this.#command(node, this.#input)
  }

  #andOr({ commands, operators }: AndOr): void {
    let ways: Scope | undefined
    for (const [i, command] of commands.entries()) {
      // After `||` any of the commands before may have been the one that failed.
      if (operators[i - 1] === '||' && ways !== undefined) this.scope.join([ways])
      this.#node(command)
      if (ways === undefined) ways = this.scope.fork()
      else ways.join([this.scope])
    }
    if (ways !== undefined) this.scope.join([ways])
  }

  #pipeline({ commands, prefixes }: Pipeline): void {
    if (prefixes.some(({ type }) => type === 'Time')) this.found.flag('wrapper:time')
    let input = this.#input
    if (commands.length === 1 && commands[0] !== undefined) return void this.#command(commands[0], input)
    for (const [i, command] of commands.entries()) {
      let judged: Judged | undefined
      const fork = this.inFork(() => {
        judged = this.#command(command, input)
      })
      // Some shells run the last command of a pipe in this shell.
      if (i === commands.length - 1) this.scope.join([fork])
      input = judged === undefined ? { isPiped: true } : outputOf(judged)
    }
  }

  #command(node: CommandNode, input: Input): Judged | undefined {
    if (node.type === 'Command') return judgeSimple(node, this, input)
    if (node.type === 'Function') this.#define(node.name.value, node)
    else if (node.type === 'Coproc') this.#coproc(node)
    else if (node.type === 'Redirected') {
      const fed = judgeRedirections(node.redirects, this)
      this.#compound(node.command, fed === undefined ? input : { isPiped: true })
    } else this.#compound(node, input.isPiped ? { isPiped: true } : input)
    return undefined
  }

  #coproc({ body }: Extract<CommandNode, { type: 'Coproc' }>): void {
    this.found.flag('coproc')
    this.inFork(() => {
      if (body.type === 'CompoundList') this.statements(body.commands)
      else this.#command(body, { isPiped: true })
    })
  }

  #compound(node: CompoundNode, input: Input): void {
    this.found.verb('read')
    const outer = this.#input
    this.#input = input
    this.deeper(() => judgeCompound(node, this))
    this.#input = outer
  }

  /** The body is judged where it stands, with arguments that nobody knows; a call adds nothing to that. */
  #define(name: string, node: Extract<CommandNode, { type: 'Function' }>): void {
    const { body } = node
    this.found.flag('function_def')
    this.found.verb('read')
    const { names, isOpaque } = assignedIn(body)
    this.scope.hasFunctions = true
    this.scope.functions.add(name)
    this.scope.pin(names)
    if (isOpaque) this.scope.makeOpaque()
    const outer = this.scope
    this.scope = outer.bodyScope()
    this.scope.open.add(name)
    this.deeper(() => {
      if (body.type === 'CompoundList') this.statements(body.commands)
      else this.#command(body, { isPiped: true })
    })
    this.scope = outer
  }

  run(
    words: readonly string[],
    { via, input = NO_INPUT }: { readonly via: string; readonly input?: Input | undefined },
  ): void {
    const [name = '', ...rest] = words
    const call: Call = {
      program: name,
      words: rest,
      input,
      via: [this.#via, via].filter((part) => part !== '').join(' '),
    }
    this.deeper(() => dispatch(call, this, via === ''))
  }

  sql(text: string | undefined, dialect: Dialect): void {
    if (text === undefined || this.#readSql === undefined || isDynamic(text)) return this.found.verb('sql_unknown')
    addSql(this.#readSql(text, dialect), this.found)
  }

  assign(name: string, value: Value, { isExported }: { readonly isExported: boolean }): void {
    const text = typeof value === 'string' ? value : undefined
    if (isDangerousVariable(name, text, isExported)) this.found.unknown(`env:${name}`)
    // A value like this runs when it is used in arithmetic, in this text or a later one.
    const elements = typeof value === 'string' ? [value] : value
    if (elements.some((element) => element.includes('[') && /[`$]/.test(element))) this.found.unknown('dynamic_code')
    this.scope.set(name, value)
  }

  secretUsed(name: string): void {
    this.found.flag('secrets')
    this.scope.secrets.add(name)
  }

  overLimit(error: string): never {
    return this.#stop(error, 'too_deep')
  }

  /** What is nested in a broken text is read again for every level: nothing more is looked at. */
  #stop(error: string, flag: string): never {
    this.found.fail(error, flag)
    throw new OverLimit()
  }

  isFunction(name: string): boolean {
    if (this.scope.open.has(name)) this.found.unknown()
    // A POSIX shell finds these before any function.
    if (SPECIAL.has(name)) return false
    return this.scope.functions.has(name)
  }
}
