import { readFileSync } from 'node:fs'
import { isObject, parseJson, type JsonObject, type JsonValue } from '../base/json.ts'
import { FACT_KINDS, type Facts } from '../facts/facts.ts'
import { limitText } from '../limits/exhausted-text.ts'
import { explain, type Explanation, type RuleExplanation } from '../policy/explain.ts'
import type { Question } from '../policy/decide.ts'
import { callQuestion, type CallQuestion } from '../policy/run-tests.ts'
import { safe } from '../recording/print.ts'
import { factLines } from './fact-lines.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { POLICY_OPTIONS, policyFrom } from './policy-file-args.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  ...POLICY_OPTIONS,
  call: { type: 'string' },
  connection: { type: 'string' },
  tool: { type: 'string' },
  args: { type: 'string' },
  groups: { type: 'string' },
  at: { type: 'string' },
} as const

const HOW =
  'Say which call: --call call.json (as a test of a policy, without expect), or --connection NAME --tool NAME --args JSON --groups a,b.'

/** `sallyport policy explain [FILE] [-c …] --call call.json [--json]`: the decision about one call, and each rule's part in it. */
export async function policyExplain(args: readonly string[]): Promise<ExitCode> {
  const asked = await questionFrom(args)
  if (asked === undefined) return EXIT.refused
  const explained = explain(asked.question)
  if (asked.json) printLine(JSON.stringify(jsonOf(explained, asked.question)))
  else for (const line of linesOf(explained, asked.question)) printLine(safe(line))
  return EXIT.fine
}

/** `sallyport policy facts [FILE] [-c …] --call call.json [--json]`: what is read in the arguments of one call. */
export async function policyFacts(args: readonly string[]): Promise<ExitCode> {
  const asked = await questionFrom(args)
  if (asked === undefined) return EXIT.refused
  const facts = presentFacts(asked.question)
  if (asked.json) printLine(JSON.stringify(facts))
  else if (Object.keys(facts).length === 0)
    printLine('Nothing in these arguments is read: see inspect: in docs/connections.md.')
  else for (const line of factLines(facts)) printLine(safe(line))
  return EXIT.fine
}

async function questionFrom(args: readonly string[]): Promise<{ question: Question; json: boolean } | undefined> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const call = callOf(values)
  const loaded = await policyFrom(positionals, values.config)
  if (loaded === undefined) return undefined
  const question = callQuestion(loaded.read, call)
  if (typeof question !== 'string') return { question, json: values.json === true }
  printError(`The call cannot be asked about: ${question}.`)
  return undefined
}

interface CallValues {
  readonly call?: string | undefined
  readonly connection?: string | undefined
  readonly tool?: string | undefined
  readonly args?: string | undefined
  readonly groups?: string | undefined
  readonly at?: string | undefined
}

function callOf({ call, connection, tool, args, groups, at }: CallValues): CallQuestion {
  if (call !== undefined) {
    const given = jsonFrom(call === '-' ? readFileSync(0, 'utf8') : textOf(call), call)
    if (!isCall(given)) throw new UsageError(`${call} holds no call: it needs call: { connection: NAME }. ${HOW}`)
    return given
  }
  if (connection === undefined) throw new UsageError(HOW)
  const given = jsonFrom(args ?? '{}', '--args')
  const as = groups === undefined ? {} : { as: { groups: groups.split(',').map((group) => group.trim()) } }
  return {
    ...as,
    ...(at === undefined ? {} : { at }),
    call: { connection, ...(tool === undefined ? {} : { tool }), args: given },
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new UsageError(`${file} cannot be read.`)
  }
}

function jsonFrom(text: string, where: string): JsonValue {
  try {
    return parseJson(text)
  } catch {
    throw new UsageError(`${where} is no JSON.`)
  }
}

function isCall(value: JsonValue): value is JsonObject & CallQuestion {
  return isObject(value) && isObject(value['call']) && typeof value['call']['connection'] === 'string'
}

function presentFacts({ circumstances }: Question): Partial<Facts> {
  if (circumstances === undefined) return {}
  const { facts } = circumstances
  return Object.fromEntries(FACT_KINDS.filter((kind) => facts[kind].present).map((kind) => [kind, facts[kind]]))
}

function linesOf({ decision, rules }: Explanation, question: Question): string[] {
  const facts = presentFacts(question)
  return [
    `${decision.kind}, by rule "${decision.rule}"`,
    ...(decision.kind !== 'allow' && decision.message !== undefined ? [`  ${decision.message}`] : []),
    ...(decision.kind === 'approve'
      ? decision.terms.flatMap(({ rule, approval }) => [
          `  ${rule} needs ${approval.by.map(({ group, count }) => `${count} of ${group}`).join(' and ')}`,
        ])
      : []),
    ...(decision.kind === 'deny' && decision.groupsThatMay.length > 0
      ? [`  members of ${decision.groupsThatMay.join(', ')} may`]
      : []),
    ...(decision.kind === 'allow' && decision.would !== undefined
      ? [`  the policy is in shadow mode: it would ${decision.would}`]
      : []),
    ...(Object.keys(facts).length === 0 ? [] : ['', 'facts', ...factLines(facts).map((line) => `  ${line}`)]),
    '',
    'rules',
    ...rules.flatMap(ruleLines),
    ...obligationLines(decision),
  ]
}

function ruleLines({ rule, effect, mode, matched, because, condition }: RuleExplanation): string[] {
  const shadow = mode === 'shadow' ? ' (shadow)' : ''
  const head = `  ${matched ? 'matched' : '-      '}  ${effect.padEnd(7)} ${rule}${shadow}${because === undefined ? '' : `: ${because}`}`
  if (condition === undefined) return [head]
  const failed =
    condition.value === 'error' && matched ? ['             its condition failed, which counts as a match here'] : []
  return [head, ...failed, ...condition.parts.map(({ text, value }) => `             ${value.padEnd(5)} ${text}`)]
}

function obligationLines(decision: Explanation['decision']): string[] {
  if (decision.kind === 'deny') return []
  const { limits, masks, alerts } = decision.obligations
  const lines = [
    ...limits.map(({ rule, spec }) => `  limit  ${rule}: ${limitText(spec)}`),
    ...masks.map(({ rule }) => `  mask   ${rule} (not in force yet)`),
    ...alerts.map(({ rule, severity }) => `  alert  ${rule}, ${severity} (not in force yet)`),
  ]
  return lines.length === 0 ? [] : ['', 'comes with it', ...lines]
}

function jsonOf({ decision, rules }: Explanation, question: Question) {
  return {
    decision,
    facts: presentFacts(question),
    rules: rules.map(({ condition, ...rule }) => ({ ...rule, condition })),
  }
}
