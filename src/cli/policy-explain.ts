import { FACT_KINDS, type Facts } from '../facts/facts.ts'
import type { Question } from '../policy/decide.ts'
import { explain, type Explanation } from '../policy/explain.ts'
import { callQuestion } from '../policy/run-tests.ts'
import { safe } from '../recording/print.ts'
import { explanationLines } from './explanation-lines.ts'
import { factLines } from './fact-lines.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { CALL_OPTIONS, callOf } from './policy-call.ts'
import { POLICY_OPTIONS, policyFrom } from './policy-file-args.ts'
import { readArgs, UsageError } from './usage.ts'

/** `sallyport policy explain [FILE] [-c …] --call call.json [--json]`: the decision about one call, and each rule's part in it. */
export async function policyExplain(args: readonly string[]): Promise<ExitCode> {
  const asked = await questionFrom(args)
  if (asked === undefined) return EXIT.refused
  const explained = explain(asked.question)
  if (asked.json) printLine(JSON.stringify(jsonOf(explained, asked.question)))
  else {
    const about = { facts: presentFacts(asked.question), at: timeOf(asked.question), claims: asked.question.who.groups }
    for (const line of explanationLines(explained, about)) printLine(safe(line))
  }
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
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...POLICY_OPTIONS, ...CALL_OPTIONS },
  })
  const call = callOf(values)
  const loaded = await policyFrom(positionals, values)
  if (loaded === undefined) return undefined
  const question = callQuestion(loaded.read, call)
  if (typeof question === 'string') throw new UsageError(`The call cannot be asked about: ${question}.`)
  return { question, json: values.json === true }
}

function presentFacts({ circumstances }: Question): Partial<Facts> {
  if (circumstances === undefined) return {}
  const { facts } = circumstances
  return Object.fromEntries(FACT_KINDS.filter((kind) => facts[kind].present).map((kind) => [kind, facts[kind]]))
}

function jsonOf({ decision, groups, rules }: Explanation, question: Question) {
  return { at: timeOf(question), groups, decision, facts: presentFacts(question), rules }
}

function timeOf({ circumstances }: Question): string {
  return new Date(circumstances?.atMs ?? 0).toISOString().replace('.000', '')
}
