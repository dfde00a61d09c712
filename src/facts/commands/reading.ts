import { NO_CLOUD, NO_K8S, type CloudFacts, type CommandVerb, type K8sFacts, type ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { sorted } from './table.ts'

/** What a program would do, read from the words after its name (undefined word = known at run time only). */
export interface CommandReading {
  readonly verbs: readonly ShellVerb[]
  readonly flags: readonly string[]
  /** Words of a command that it would run itself (`kubectl exec … -- cmd`, `docker run img cmd`), to be judged too. */
  readonly inner?: readonly Word[] | undefined
  readonly reads?: readonly string[]
  readonly writes?: readonly string[]
  readonly urls?: readonly string[]
  readonly hosts?: readonly string[]
  readonly k8s?: K8sFacts
  readonly cloud?: CloudFacts
}

export interface Draft {
  readonly verbs: readonly ShellVerb[]
  readonly flags: readonly string[]
  readonly inner?: readonly Word[] | undefined
  readonly reads?: readonly string[]
  readonly writes?: readonly string[]
  readonly urls?: readonly string[]
  readonly hosts?: readonly string[]
}

/** A reading as facts are: lists sorted, each value once. Without a verb it is `unknown`. */
export function reading(draft: Draft): CommandReading {
  return {
    verbs: draft.verbs.length === 0 ? ['unknown'] : sorted(draft.verbs),
    flags: sorted(draft.flags),
    inner: draft.inner,
    reads: sorted(draft.reads ?? []),
    writes: sorted(draft.writes ?? []),
    urls: sorted(draft.urls ?? []),
    hosts: sorted(draft.hosts ?? []),
  }
}

export function k8sOf(read: CommandReading, facts: Partial<K8sFacts>): K8sFacts {
  return {
    ...NO_K8S,
    present: true,
    parsed: true,
    verbs: commandVerbs(read.verbs),
    flags: read.flags,
    impersonation: read.flags.includes('impersonation'),
    secrets: read.flags.includes('secrets'),
    ...facts,
  }
}

export function cloudOf(read: CommandReading, facts: Partial<CloudFacts>): CloudFacts {
  return { ...NO_CLOUD, present: true, parsed: true, verbs: commandVerbs(read.verbs), flags: read.flags, ...facts }
}

/** The same without the verbs that only a shell command has. */
function commandVerbs(verbs: readonly ShellVerb[]): readonly CommandVerb[] {
  return sorted(
    verbs.map((verb) => {
      if (verb === 'container') return 'code'
      if (verb === 'vcs_write') return 'write'
      return verb === 'sql_unknown' ? 'unknown' : verb
    }),
  )
}

const URL_START = /^(?:[a-z][a-z0-9+.-]*:\/\/)/i
const SCP_LIKE = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)/

export function isUrl(text: string): boolean {
  return URL_START.test(text)
}

/** Host of a URL or of `user@host:path`; empty where there is none. */
export function hostOf(text: string): string {
  if (isUrl(text)) return URL.parse(text)?.hostname ?? ''
  return text.includes('@') ? (SCP_LIKE.exec(text)?.[1] ?? '') : ''
}

export function urlsIn(texts: readonly string[]): { urls: readonly string[]; hosts: readonly string[] } {
  return { urls: texts.filter(isUrl), hosts: texts.map(hostOf).filter((host) => host !== '') }
}
