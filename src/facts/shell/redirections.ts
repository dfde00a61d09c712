import type { HereDoc, Redirection } from 'unbash'
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

/** One word, plain or quoted in one way. */
const DELIMITER = /^(?:\\?[\w.!+-]+|'[\w.! +-]+'|"[\w.! +-]+")$/

function judgeRedirection(redirection: Redirection, walk: Walk): Input | undefined {
  if (redirection.type === 'HereDoc') return judgeHereDoc(redirection, walk)
  const { target } = redirection
  if (redirection.type === 'HereString') {
    return { isPiped: true, text: target === undefined ? UNKNOWN : `${textOf(target, walk.scope)}\n` }
  }
  const [first, ...more] = target === undefined ? [] : fieldsOf(target, walk.scope)
  if (first === undefined) {
    walk.found.fail('a redirection has no target', 'unparsable')
    return undefined
  }
  const file = more.length === 0 ? first : UNKNOWN
  judgeTarget(redirection.operator, file, walk)
  return redirection.operator === '<' ? { isPiped: true, file } : undefined
}

function judgeHereDoc({ body, delimiter, closing }: HereDoc, walk: Walk): Input {
  if (delimiter === undefined || closing === undefined) walk.found.fail('a here-document has no end', 'unparsable')
  // Where the text ends would depend on the shell.
  else if (!DELIMITER.test(delimiter.text)) walk.found.unknown('suspicious_chars')
  return { isPiped: true, text: body.parts === undefined ? body.text : partsText(body.parts, walk.scope) }
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
