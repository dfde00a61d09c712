import type { Redirection } from 'unbash'
import { visitExpansions } from './expansions.ts'
import type { Input, Walk } from './judge.ts'
import { DIGITS, isAnyPath, isDynamic, UNKNOWN } from './marks.ts'
import { fieldsOf, partsText, textOf } from './word.ts'

/** Judges redirections; what they feed to the command is returned, undefined where none does. */
export function judgeRedirections(redirections: readonly Redirection[], walk: Walk): Input | undefined {
  let input: Input | undefined
  for (const redirection of redirections) {
    visitExpansions(redirection, walk)
    if (redirection.descriptor?.type === 'FileDescriptorVariable') {
      walk.assign(redirection.descriptor.name, DIGITS, { isExported: false })
    }
    input = judgeRedirection(redirection, walk) ?? input
  }
  return input
}

function judgeRedirection(redirection: Redirection, walk: Walk): Input | undefined {
  switch (redirection.type) {
    case 'HereDoc': {
      const { body, delimiter, closing } = redirection
      if (delimiter === undefined || closing === undefined) walk.found.fail('a here-document has no end', 'unparsable')
      return { isPiped: true, text: body.parts === undefined ? body.text : partsText(body.parts, walk.scope) }
    }
    case 'HereString':
      return {
        isPiped: true,
        text: redirection.target === undefined ? UNKNOWN : `${textOf(redirection.target, walk.scope)}\n`,
      }
    case 'Redirect': {
      const fields = redirection.target === undefined ? [] : fieldsOf(redirection.target, walk.scope)
      const [target] = fields
      if (target === undefined) walk.found.fail('a redirection has no target', 'unparsable')
      else judgeTarget(redirection.operator, fields.length === 1 ? target : UNKNOWN, walk)
      return redirection.operator === '<' ? { isPiped: true, file: target } : undefined
    }
  }
}

/** What bash gives its own meaning, and what is nobody's file. */
const SOCKET = /^\/dev\/(?:tcp|udp)\//
const HARMLESS = /^(?:\/dev\/(?:null|stdout|stderr|fd\/\d+)|\/proc\/self\/fd\/[012])$/
const DESCRIPTOR = /^(?:\d+-?|-)$/

function judgeTarget(operator: string, target: string, walk: Walk): void {
  const { found } = walk
  if (SOCKET.test(target) || (isDynamic(target) && target.startsWith('/dev/'))) {
    found.flag('dev_tcp')
    found.verb('network', 'unknown')
    return found.host(target.split('/')[3] ?? '')
  }
  if (isDynamic(target)) found.flag('dynamic_path')
  if (operator === '<&' || (operator === '>&' && isDescriptor(target))) return
  if (operator === '<') readFrom(target, walk)
  else if (!HARMLESS.test(target)) found.write(target)
}

function isDescriptor(target: string): boolean {
  return DESCRIPTOR.test(target) || target === DIGITS
}

function readFrom(target: string, { found }: Walk): void {
  if (isAnyPath(target)) found.verb('unknown')
  found.read(target)
}
