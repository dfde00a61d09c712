import type { Sources } from './collect.ts'
import { type Mistake, suggest } from './mistake.ts'
import type { Path, YamlDocument } from './yaml-source.ts'

/** Who is told of approvals must be somebody: a rule that tells nobody is found out when it is too late. */
export function checkReceivers({ rules, file, document }: Sources, known: readonly string[]): Mistake[] {
  const named: readonly { document: YamlDocument; path: Path; names: readonly string[] }[] = [
    ...rules.map((rule) => ({
      document: rule.document,
      path: [...rule.path, 'approval', 'notify'],
      names: rule.entry.approval?.notify ?? [],
    })),
    { document, path: ['break_glass', 'notify'], names: file.break_glass?.notify ?? [] },
  ]
  return named.flatMap((one) =>
    one.names.flatMap((name, i) =>
      known.includes(name)
        ? []
        : [one.document.at([...one.path, i], `there is no receiver "${name}"`, suggest(name, known) ?? NONE)],
    ),
  )
}

const NONE = 'receivers stand in sallyport.yaml under approvals.notify, and there are none'
