// A person who got surrogates from an upstream, and the calls that they are used in.
import { expect } from 'vitest'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import type { EntityName } from '../../src/masking/entities.ts'
import { surrogateText } from '../../src/masking/replace/forms.ts'
import { Structure } from '../../src/masking/structure/structure.ts'
import { leavesOf } from '../../src/masking/surrogates/leaves.ts'
import { planRestore, type RestorePlace, type RestoreRequest } from '../../src/masking/surrogates/restore.ts'
import { compileSinks, resourceSinks } from '../../src/masking/surrogates/sinks.ts'
import { EMAIL, NOW, openSurrogates, originOf } from './surrogates.ts'

const SINKS = [
  { tool: 'update_*', argument: 'email', within: undefined },
  { tool: 'update_*', argument: 'note', within: 'A-Za-z0-9@._+-' },
  { tool: 'update_*', argument: 'ids[*]', within: undefined },
  { tool: 'update_*', argument: 'card', within: undefined },
  { tool: 'update_*', argument: 'body#to', within: undefined },
  { tool: 'update_*', argument: '*.deep', within: undefined },
  { tool: 'query', argument: 'sql', within: 'A-Za-z0-9@._+-' },
]
export const UPDATE: RestorePlace = {
  upstream: 'crm',
  tool: 'update_customer',
  isOpenWorld: false,
  isApproved: false,
  judged: [],
  forms: [],
}

export function openRestore() {
  const world = openSurrogates()
  const scope = world.open()
  const surrogate = (entity: EntityName, value: string) => surrogateText(entity, world.mint(scope, entity, value))
  const email = surrogate('email', EMAIL)
  type Given = Partial<Pick<RestoreRequest, 'book' | 'place' | 'nowMs'>>
  const planMessage = (message: string, given: Given = {}) => {
    const bytes = encodeUtf8(message)
    const structure = Structure.of(bytes)
    const plan = planRestore({
      bytes,
      leaves: () => structure && leavesOf(structure, { start: 0, end: bytes.length }),
      book: scope.book,
      sinks: [...compileSinks(SINKS), ...resourceSinks()],
      place: UPDATE,
      nowMs: NOW,
      ...given,
    })
    if (plan.kind === 'none') return { none: true }
    if (plan.kind === 'refused') return { refused: plan.why }
    let text = ''
    let from = 0
    for (const { start, end, put } of plan.edits) {
      text += new TextDecoder().decode(bytes.subarray(from, start)) + new TextDecoder().decode(put)
      from = end
    }
    const args = text + new TextDecoder().decode(bytes.subarray(from))
    return { args, values: plan.values.map(({ value }) => value), ids: plan.ids }
  }
  const [before, after] = ['{"method":"tools/call","params":{"name":"x","arguments":', '}}']
  return {
    ...world,
    // A getter is not spread.
    vault: world.vault,
    scope,
    surrogate,
    email,
    id: email.slice('sur_email_'.length),
    planMessage,
    plan(args: string, given: Given = {}) {
      const plan = planMessage(`${before}${args}${after}`, given)
      return plan.args === undefined ? plan : { ...plan, args: plan.args.slice(before.length, -after.length) }
    },
    alias(entity: EntityName, value: string, text: string, spelling: string | undefined) {
      const book = scope.bookFor(originOf('find'))
      const row = book.mint(entity, value)
      expect(row !== undefined && book.alias(row, text, spelling)).toBe(true)
    },
  }
}
