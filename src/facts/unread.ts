import { NO_FACTS, type FactKind, type Facts } from './facts.ts'

/** Facts of texts that are there and that nobody could read: present, not parsed. */
export function unreadFacts(kinds: ReadonlySet<FactKind>, error: string): Facts {
  const unread = { present: true, parsed: false, error }
  const { sql, shell, http, mongo, k8s, cloud } = NO_FACTS
  return {
    sql: kinds.has('sql') ? { ...sql, ...unread } : sql,
    shell: kinds.has('shell') ? { ...shell, ...unread } : shell,
    http: kinds.has('http') ? { ...http, ...unread } : http,
    mongo: kinds.has('mongo') ? { ...mongo, ...unread } : mongo,
    k8s: kinds.has('k8s') ? { ...k8s, ...unread } : k8s,
    cloud: kinds.has('cloud') ? { ...cloud, ...unread } : cloud,
  }
}
