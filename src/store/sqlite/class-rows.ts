import type { DatabaseSync } from 'node:sqlite'
import { isObject, parseJson, stringifyJson } from '../../base/json.ts'
import { CLASS } from '../../audit/entry.ts'
import { type ClassTerms, type RetentionClass, STANDARD_TERMS } from '../../audit/retention-class.ts'
import { numberAt, type Row, textAt } from './columns.ts'

/** Numbers of retention classes, which are for ever, and the newest definition of each that is on record. */
export class ClassRows {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** All that ever were: records of a class that nobody configures any more are kept as it last said. */
  all(): RetentionClass[] {
    return this.#database.prepare('SELECT n, name, version, definition FROM audit_class ORDER BY n').all().map(toClass)
  }

  /** What differs from what is on record, with the number and version that it gets. `put` it once that is on record. */
  changes(configured: readonly { readonly name: string; readonly terms: ClassTerms }[]): RetentionClass[] {
    const known = new Map(this.all().map((one) => [one.name, one]))
    // The log begins with the definition of the standard class.
    if (!known.has(STANDARD))
      known.set(STANDARD, { n: CLASS.standard, version: 1, name: STANDARD, terms: STANDARD_TERMS })
    let next = Math.max(...[...known.values()].map(({ n }) => n)) + 1
    return configured.flatMap(({ name, terms }) => {
      const before = known.get(name)
      if (before === undefined) return [{ n: next++, version: 1, name, terms }]
      return sameTerms(before.terms, terms) ? [] : [{ ...before, version: before.version + 1, terms }]
    })
  }

  put(changed: RetentionClass): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO audit_class (n, name, version, definition) VALUES (?, ?, ?, ?)')
      .run(changed.n, changed.name, changed.version, stringifyJson({ ...changed.terms }))
  }
}

const STANDARD = 'standard'

function sameTerms(a: ClassTerms, b: ClassTerms): boolean {
  return stringifyJson({ ...toTerms({ ...a }) }) === stringifyJson({ ...toTerms({ ...b }) })
}

function toClass(row: Row): RetentionClass {
  const definition = parseJson(textAt(row, 'definition'))
  return {
    n: numberAt(row, 'n'),
    name: textAt(row, 'name'),
    version: numberAt(row, 'version'),
    terms: toTerms(isObject(definition) ? definition : {}),
  }
}

/** In one order of keys. */
function toTerms(value: Readonly<Record<string, unknown>>): ClassTerms {
  const days = (key: 'payloadDays' | 'indexDays' | 'entryDays') => {
    const found = value[key]
    return typeof found === 'number' ? found : STANDARD_TERMS[key]
  }
  const { maxBodyBytes } = value
  return {
    payloadDays: days('payloadDays'),
    indexDays: days('indexDays'),
    entryDays: days('entryDays'),
    encrypt: value['encrypt'] !== false,
    keys: value['keys'] === 'class' ? 'class' : 'session',
    onFull: value['onFull'] === 'drop-oldest-payload' ? 'drop-oldest-payload' : 'reject-new',
    maxBodyBytes: typeof maxBodyBytes === 'number' ? maxBodyBytes : STANDARD_TERMS.maxBodyBytes,
    overLimit: value['overLimit'] === 'hash-only' ? 'hash-only' : 'block',
  }
}
