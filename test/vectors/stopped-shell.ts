// The coarse question of the vectors: would a rule that lets only reads through stop this?
import type { ShellFacts } from '../../src/facts/facts.ts'

const VERBS = new Set(['read', 'network', 'vcs_write'])
const FLAGS = ['dynamic_program', 'dynamic_code', 'suspicious_chars', 'dev_tcp']

/** At least one of: not parsed, a verb that is no read, an unknown program or code, a sensitive file near the network, `nc`. */
export function isStoppedShell(facts: ShellFacts): boolean {
  return (
    !facts.parsed ||
    facts.verbs.some((verb) => !VERBS.has(verb)) ||
    FLAGS.some((flag) => facts.flags.includes(flag)) ||
    (facts.network && facts.flags.includes('sensitive_path')) ||
    facts.programs.includes('nc')
  )
}
