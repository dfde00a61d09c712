import { isObject, type JsonObject } from '../../../base/json.ts'
import type { GenericDialect } from './lexicon.ts'

export const PARSER = '@polyglot-sql/sdk@0.12.1'
const INSTALL = 'npm install --save-exact @polyglot-sql/sdk@0.12.1'

/** The first texts take ten times as long as later ones, until the code of the parser is compiled; a caller shall not wait for it. */
const WARM_TEXT = `SELECT ${'a.b + 1 AS c, '.repeat(100)}1 FROM t WHERE ${'a = 1 AND '.repeat(100)}b ;`
const WARM_ROUNDS = 10

/** The tree of exactly one statement; undefined where the parser cannot read it, or reads more than one. */
export type Engine = (sql: string) => JsonObject | undefined

/** Loads the parser, an optional package of 23 MB. Throws an Error that says how to install it where it is missing. */
export async function loadEngine(dialect: GenericDialect): Promise<Engine> {
  const { parse } = await import('@polyglot-sql/sdk').catch((cause: unknown) => {
    throw new Error(`SQL of ${dialect} needs the package @polyglot-sql/sdk: ${INSTALL}`, { cause })
  })
  const name = dialect === 'mariadb' ? 'mysql' : dialect
  for (let round = 0; round < WARM_ROUNDS; round += 1) parse(WARM_TEXT, name)
  return (sql) => {
    try {
      // The parser looks past the last token of some unfinished statements, and dies of it.
      const { success, ast } = parse(`${sql} ;`, name)
      const statements: readonly unknown[] = success && Array.isArray(ast) ? ast : []
      const [statement] = statements
      return statements.length === 1 && isObject(statement) ? statement : undefined
    } catch {
      return undefined
    }
  }
}
