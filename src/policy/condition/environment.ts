import { Environment } from '@marcbachmann/cel-js'
import { DECLARED, METERED } from './functions.ts'
import { FIELDS, ROOTS } from './fields.ts'
import { Run } from './run.ts'
import { CLASSES } from './values.ts'

export const NESTING_MAX = 40
export const PARTS_MAX = 2_000

/** The engine takes every function for one that may return a promise, unless it is told otherwise. */
const AT_ONCE = { ['async' as const]: false }

/** What rules are read and type-checked in. Immutable once made; making it takes about a millisecond. */
export const WRITTEN: Environment = languageOf()

/** What they are evaluated in, after the printer put in what is metered, which adds to depth and number of parts. */
export const EVALUATED: Environment = WRITTEN.clone({
  limits: { maxDepth: NESTING_MAX * 2, maxAstNodes: PARTS_MAX * 4 },
})

function languageOf(): Environment {
  const language = new Environment({ limits: { maxDepth: NESTING_MAX, maxAstNodes: PARTS_MAX } })
  for (const [name, fields] of Object.entries(FIELDS)) language.registerType(name, { ctor: classOf(name), fields })
  language.registerType('Run', Run)
  for (const [root, type] of Object.entries(ROOTS)) language.registerVariable(root, type)
  language.registerVariable('our__run', 'Run')
  language.registerVariable('our__turn', 'bool')
  language.registerVariable('our__heavy_turn', 'bool')
  for (const signature of DECLARED) language.registerFunction(signature, notPrinted, AT_ONCE)
  for (const [signature, handler] of Object.entries(METERED)) language.registerFunction(signature, handler, AT_ONCE)
  return language
}

function notPrinted(): never {
  throw new Error('this was not printed for evaluation')
}

function classOf(name: string): Function {
  const found = Object.entries(CLASSES).find(([known]) => known === name)
  if (found === undefined) throw new Error(`no class for ${name}`)
  return found[1]
}
