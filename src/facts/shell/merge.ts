import { NO_SHELL, type ShellFacts } from '../facts.ts'

/** Several commands of one call become one fact: everything that any of them does, and unread where any of them is. */
export function mergeShell(all: readonly ShellFacts[]): ShellFacts {
  const [first, ...rest] = all
  if (first === undefined) return NO_SHELL
  return rest.reduce(
    (a, b) => ({
      present: true,
      parsed: a.parsed && b.parsed,
      error: a.error === '' ? b.error : a.error,
      parser: a.parser,
      dynamic: a.dynamic || b.dynamic,
      verbs: union(a.verbs, b.verbs),
      programs: union(a.programs, b.programs),
      commands: [...a.commands, ...b.commands],
      flags: union(a.flags, b.flags),
      writes: union(a.writes, b.writes),
      reads: union(a.reads, b.reads),
      urls: union(a.urls, b.urls),
      hosts: union(a.hosts, b.hosts),
      network: a.network || b.network,
      sudo: a.sudo || b.sudo,
      sql: [...a.sql, ...b.sql],
      k8s: [...a.k8s, ...b.k8s],
      cloud: [...a.cloud, ...b.cloud],
      depth: Math.max(a.depth, b.depth),
    }),
    first,
  )
}

function union<T extends string>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])].toSorted()
}
