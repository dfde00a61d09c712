import { hash } from 'node:crypto'
import { checkRules } from './check-rules.ts'
import { checkShape } from './check-shape.ts'
import type { Mistake } from './mistake.ts'
import { NOT_YET, policySchema, type PolicyFile } from './policy-schema.ts'
import { compilePolicy, type Policy } from './policy.ts'
import type { ConnectionFacts } from './rule.ts'
import { runTests } from './run-tests.ts'
import { readYaml } from './yaml-source.ts'

export type LoadedPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

export interface PolicyPlace {
  /** Name for mistakes. */
  readonly file: string
  /** The connections that the policy will be asked about. */
  readonly connections: readonly ConnectionFacts[]
}

/** Reads and checks a policy, and runs its own tests. What does not pass is no policy; all mistakes come at once. */
export function loadPolicy(text: string, { file, connections }: PolicyPlace): LoadedPolicy {
  const { documents, mistakes } = readYaml(text, file)
  const [document, second] = documents
  if (document === undefined) return fail([...mistakes, { file, line: 1, column: 1, message: 'the file is empty' }])
  if (second !== undefined) return fail([...mistakes, second.at([], 'a policy file holds one document')])
  if (mistakes.length > 0) return fail(mistakes)
  const shaped = checkShape<PolicyFile>(document, policySchema(), { later: NOT_YET })
  if (shaped.kind === 'mistakes') return fail(shaped.mistakes)
  const wrong = checkRules({ document, file: shaped.value, connections })
  if (wrong.length > 0) return fail(wrong)
  const { rules, groups = {} } = shaped.value
  const policy = compilePolicy({ version: hash('sha256', text), rules, groups, connections })
  const failed = runTests({ document, file: shaped.value, policy, connections })
  return failed.length > 0 ? fail(failed) : { kind: 'policy', policy }
}

function fail(mistakes: readonly Mistake[]): LoadedPolicy {
  return { kind: 'mistakes', mistakes: mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column) }
}
