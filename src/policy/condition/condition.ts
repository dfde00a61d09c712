// Conditions: the `when` of a rule, in CEL. Everything that can be found out without a call is found out at load: names,
// types, patterns, networks. An evaluation never throws, never waits and is bounded in work, whatever the arguments are;
// what cannot be answered is an error, and what an error means is the effect's affair (policy.md, 3.5).
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js'
import { checkTree, type Checked } from './check.ts'
import { asksCostlyFirst } from './cost.ts'
import { ConditionContext, type ConditionAsked } from './context.ts'
import { EVALUATED, WRITTEN } from './environment.ts'
import { faultAt, placeOf, type Fault } from './fault.ts'
import { TooLarge } from './json-values.ts'
import { childrenOf, LOOPS, print } from './print.ts'
import { parseFault, resultFault, typeFault } from './say.ts'
import { hasFault } from './types.ts'

export type { ConditionContext }

/** A rule that needs more is better split; also bounds what reading it takes. */
const SOURCE_CHARS_MAX = 8 * 1024

export interface Explanation {
  readonly value: boolean | 'error'
  readonly error?: string | undefined
  /** The operands of `&&` and `||`, each with its own value: `true`, `false`, or `error: …`. */
  readonly parts: readonly { readonly text: string; readonly value: string }[]
}

export interface Condition {
  readonly source: string
  /** Paths it looks at and their beginnings: `sql`, `sql.verbs`, `identity.claims.tenant`, as far as they are written out. */
  readonly uses: ReadonlySet<string>
  /** Of these the ends of the paths: `identity.claims` only where more of it is looked at than a claim by its name. */
  readonly ends: ReadonlySet<string>
  /** False where it can be answered before there are arguments; lists are filtered with these. */
  readonly needsCall: boolean
  /** Somewhere a loop or a pattern stands before a plain comparison that could spare it (policy.md, 4.2). */
  readonly asksCostlyFirst: boolean
  /** Never throws. */
  holds(context: ConditionContext): boolean | 'error'
  explain(context: ConditionContext): Explanation
}

/** Line and column count from 1, within the text. */
export interface WrongCondition {
  readonly kind: 'wrong'
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint?: string | undefined
}

export type CompiledCondition = { readonly kind: 'condition'; readonly condition: Condition } | WrongCondition

/** Parses, checks and prepares one condition. Takes about as long as a few hundred evaluations. */
export function compileCondition(source: string): CompiledCondition {
  const compiled = compile(source)
  if (compiled.kind === 'condition') return compiled
  const { at, message, hint } = compiled
  return { kind: 'wrong', ...placeOf(source, at), message, hint }
}

/** What conditions see of one call; made in well under a microsecond, for nothing is converted before a condition names it. */
export function contextOf(asked: ConditionAsked, timezone: string): ConditionContext {
  return new ConditionContext(asked, timezone)
}

function compile(source: string): Fault | { kind: 'condition'; condition: Condition } {
  if (source.length > SOURCE_CHARS_MAX) {
    return faultAt(SOURCE_CHARS_MAX, 'the condition is longer than 8 KiB', 'split it into several rules')
  }
  const written = parse(source)
  if ('kind' in written) return written
  const checked = checkTree(written.ast)
  if (checked.kind === 'fault') return checked
  const { valid, type, error } = written.check()
  if (error !== undefined) return typeFault(error, source)
  const fault = hasFault(written.ast)
  if (fault !== undefined) return fault
  if (!valid || type !== 'bool') return resultFault(written.ast, type ?? '')
  return { kind: 'condition', condition: new CelCondition(source, written.ast, checked) }
}

function parse(source: string): ParseResult | Fault {
  try {
    return WRITTEN.parse(source)
  } catch (error) {
    return parseFault(error, source)
  }
}

type Outcome = { readonly value: boolean } | { readonly value: 'error'; readonly error: string }

class CelCondition implements Condition {
  readonly source: string
  readonly uses: ReadonlySet<string>
  readonly ends: ReadonlySet<string>
  readonly needsCall: boolean
  readonly asksCostlyFirst: boolean
  readonly #prepared: Checked['prepared']
  readonly #tree: ASTNode
  readonly #whole: ParseResult
  readonly #hasLoop: boolean

  constructor(source: string, tree: ASTNode, { uses, ends, needsCall, prepared }: Checked) {
    this.source = source
    this.uses = uses
    this.ends = ends
    this.needsCall = needsCall
    this.asksCostlyFirst = asksCostlyFirst(tree)
    this.#prepared = prepared
    this.#tree = tree
    this.#whole = evaluable(tree)
    this.#hasLoop = hasLoop(tree)
  }

  holds(context: ConditionContext): boolean | 'error' {
    const run = context.our__run
    run.start(this.#prepared)
    try {
      const value: unknown = this.#hasLoop ? withoutStacks(this.#whole, context) : this.#whole(context)
      return run.isSpent || typeof value !== 'boolean' ? 'error' : value
    } catch {
      return 'error'
    }
  }

  explain(context: ConditionContext): Explanation {
    const parts = operands(this.#tree).map((part) => {
      const outcome = this.#evaluate(evaluable(part), context)
      return {
        text: print(part, 'shown'),
        value: 'error' in outcome ? `error: ${outcome.error}` : String(outcome.value),
      }
    })
    return { ...this.#evaluate(this.#whole, context), parts }
  }

  #evaluate(expression: ParseResult, context: ConditionContext): Outcome {
    const run = context.our__run
    run.start(this.#prepared)
    try {
      const value = withoutStacks(expression, context)
      if (run.isSpent) return { value: 'error', error: SPENT }
      return typeof value === 'boolean' ? { value } : { value: 'error', error: 'this is neither true nor false' }
    } catch (error) {
      return { value: 'error', error: run.isSpent ? SPENT : sentenceOf(error) }
    }
  }
}

/**
 * In a loop each member can end in an error, which the engine makes and drops; most of what that takes is the stack, which
 * nobody sees: with it, a thousand members that a caller chose took half a second in a loop of loops.
 */
function withoutStacks(expression: ParseResult, context: ConditionContext): unknown {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return expression(context)
  } finally {
    Error.stackTraceLimit = before
  }
}

const SPENT = 'this takes too much work: the arguments are too large for its loops'

/** Type-checked once more here, so that no evaluation has to. */
function evaluable(tree: ASTNode): ParseResult {
  const expression = EVALUATED.parse(print(tree, 'evaluated'))
  const { error } = expression.check()
  if (error !== undefined) throw error
  return expression
}

function hasLoop(node: ASTNode): boolean {
  return (node.op === 'rcall' && LOOPS.has(node.args[0])) || childrenOf(node).some(hasLoop)
}

function operands(tree: ASTNode): ASTNode[] {
  return tree.op === '&&' || tree.op === '||' ? tree.args.flatMap(operands) : [tree]
}

/** What the engine quotes from arguments stays out of explanations, which people send to each other. */
const QUOTING = /^(.*conversion error|Invalid duration string).*$/s

function sentenceOf(error: unknown): string {
  const [text = ''] = error instanceof Error ? error.message.split('\n', 1) : ['unknown']
  return text === `Unsupported type: ${TooLarge.name}`
    ? 'a list or map is larger than 1,000 members'
    : text.replace(QUOTING, '$1')
}
