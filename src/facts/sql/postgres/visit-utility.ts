import type { JsonValue } from '../../../base/json.ts'
import type { Place, Walk } from './findings.ts'
import { as, child, list, names, text, type Node } from './tree.ts'

/** COPY to or from the client, a file of the server, or a program on it. */
export function visitCopy(node: Node, place: Place, walk: Walk): void {
  const { found } = walk
  const isFrom = node['is_from'] === true
  // A query says itself what it does: it may be a DELETE with RETURNING.
  if (node['relation'] !== undefined) {
    found.verbs.add(isFrom ? 'write' : 'read')
    const named = names(list(node, 'attlist'))
    for (const column of named.length > 0 ? named : ['*'])
      (isFrom ? found.columnsWritten : found.columnsRead).add(column)
  }
  addPlace(node, isFrom, walk)
  walk.visit(node['relation'], { ...place, isWriting: isFrom })
  walk.visitParts(node, { ...place, isWriting: false }, ['relation', 'attlist'])
}

function addPlace(node: Node, isFrom: boolean, { found }: Walk): void {
  const isProgram = node['is_program'] === true
  if (!isProgram && text(node, 'filename') === '') return
  found.verbs.add('admin')
  found.flags.add(isProgram ? 'exec_program' : isFrom ? 'file_read' : 'file_write')
}

/** With ANALYZE the statement is run; without, it is planned. */
export function visitExplain(node: Node, place: Place, walk: Walk): void {
  const isRun = isAnalyze(node)
  walk.found.flags.add(isRun ? 'explain_analyze' : 'explain')
  walk.found.verbs.add('read')
  walk.visitParts(node, isRun ? place : { ...place, isPlanned: true })
}

/** Whether an EXPLAIN runs its statement. The last of several options wins in the server; here any that may be true does. */
export function isAnalyze(explain: Node): boolean {
  return list(explain, 'options').some((value) => {
    const option = as('DefElem', value) ?? {}
    return text(option, 'defname').toLowerCase() === 'analyze' && !isFalse(option['arg'])
  })
}

function isFalse(arg: JsonValue | undefined): boolean {
  const number = as('Integer', arg)
  if (number !== undefined) return (number['ival'] ?? 0) === 0
  const word = as('String', arg)
  return word !== undefined && ['false', 'off'].includes(text(word, 'sval').toLowerCase())
}

/** The options of a statement by name, such as the language and the body of a function. */
export function optionOf(node: Node, field: string, name: string): readonly JsonValue[] {
  return list(node, field)
    .map((value) => as('DefElem', value) ?? {})
    .filter((option) => text(option, 'defname') === name)
    .flatMap((option) => {
      const items = list(child(child(option, 'arg'), 'List'), 'items')
      return items.length > 0 ? items : [option['arg'] ?? null]
    })
}
