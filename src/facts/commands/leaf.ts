import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { scan, type OptionTable, type Scanned } from './options.ts'
import { both, effectOf, type Effect, type Entry } from './table.ts'

/** How gcloud and az name things: known groups, and a verb as the last word. */
export interface LeafTable {
  readonly globals: OptionTable
  readonly groups: ReadonlySet<string>
  /** Paths that mean something of their own, groups and leaf. */
  readonly paths: ReadonlyMap<string, Effect>
  /** Leaves that read in every group. */
  readonly reads: RegExp
}

export interface Leaf {
  /** Groups and leaf, empty where there is none. */
  readonly path: string
  readonly verbs: readonly ShellVerb[]
  readonly flags: readonly string[]
  readonly scanned: Scanned
}

const DELETES =
  /^(?:delete|remove|destroy|purge|deallocate|stop|cancel|disable|revoke|detach|uninstall|reset|abandon)(?:-|$)/
const WRITES =
  /^(?:create|update|set|add|start|restart|import|export|attach|deploy|resize|move|copy|cp|mv|clone|patch|enable|restore|upgrade|rollback|promote|suspend|resume|insert|upload|download|sync|sign|publish|run|execute|submit|assign|undelete|rotate|failover|scale|apply|register|generate|install|configure|select|rsync|up)(?:-|$)/
const ADMIN = /iam|policy|policies|role|service-accounts?|auth|login|sp$|ad |permission|organizations/

/** Words. The deepest path that gcloud has is of eight. */
const PATH_WORDS_MAX = 10
const TRACKS = new Set(['alpha', 'beta', 'preview'])

/** Goes through the groups to the leaf. A first word that is no group (a host name, an extension) is `unknown`. */
export function leafOf(words: readonly Word[], table: LeafTable): Leaf {
  const path: string[] = []
  let scanned = scan(words, [table.globals], { stopAtWord: true })
  for (;;) {
    const word = words[scanned.end]
    if (word === undefined || path.length >= PATH_WORDS_MAX || scanned.strange.length > 0 || scanned.rest !== undefined)
      break
    path.push(word)
    const isGroup = isGroupAt(path, table)
    const next = isGroup ? { stopAtWord: true } : {}
    scanned = both(scanned, scan(words, [table.globals], { from: scanned.end + 1, ...next }))
    if (!isGroup) break
  }
  const effect = effectOfPath(path, table)
  const found = effectOf(
    { verbs: effect.verbs, flags: effect.flags ?? [], options: new Map(), more: new Map() },
    scanned,
  )
  return { path: path.join(' '), verbs: found.verbs, flags: found.flags, scanned }
}

/** `run` and `deploy` are groups in the first place, and verbs with a name behind them in a later one. */
function isGroupAt(names: readonly string[], { groups, paths }: LeafTable): boolean {
  const words = names.filter((word) => !TRACKS.has(word))
  const last = words.at(-1)
  if (last === undefined) return true
  const path = words.join(' ')
  if (!groups.has(last) || paths.has(path)) return false
  const isVerb = words.length > 1 && (WRITES.test(last) || DELETES.test(last))
  return !isVerb || [...paths.keys()].some((known) => known.startsWith(`${path} `))
}

function effectOfPath(path: readonly string[], table: LeafTable): Effect & Pick<Entry, 'verbs'> {
  const whole = path.filter((word) => !TRACKS.has(word)).join(' ')
  const listed = table.paths.get(whole)
  if (listed !== undefined) return { ...listed, verbs: listed.verbs ?? ['unknown'] }
  const leaf = path.at(-1) ?? ''
  const groups = path.slice(0, -1)
  if (groups.length === 0 || !groups.every((word) => table.groups.has(word) || TRACKS.has(word)))
    return { verbs: ['unknown'] }
  if (table.reads.test(leaf)) return { verbs: ['read'] }
  const admin: readonly ShellVerb[] = ADMIN.test(whole) ? ['admin'] : []
  if (DELETES.test(leaf)) return { verbs: ['delete', ...admin] }
  return { verbs: [WRITES.test(leaf) ? 'write' : 'unknown', ...admin] }
}
