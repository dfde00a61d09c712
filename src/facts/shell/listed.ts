import type { Call, Judge } from './judge.ts'
import { isAnyPath, SPLIT } from './marks.ts'
import { has, scan, type Scan } from './options.ts'
import { isSensitive } from './sensitive.ts'
import type { Program, Tool } from './programs/program.ts'

/** Judges a program of the option allow lists: a read only where every option is on its list. */
export function judgeListed(program: Program, call: Call, judge: Judge): void {
  const { found } = judge
  const result = scan(call.words, program.options, { isSingle: program.isSingle })
  if (result.strange.length > 0) found.unknown(`unknown_option:${call.program}`)
  // Where no option can do harm, a word that may turn out to be one does none.
  if (result.injectable && !program.isHarmless) found.unknown()
  if (result.operands.length > program.operandsMax) found.unknown()
  if (result.operands.some((operand) => !program.operand.test(operand))) found.unknown()
  if (program.requires.length > 0 && !has(result, ...program.requires)) found.unknown()
  useOptions(result, judge)
  useOperands(program, result, judge)
  found.verb(...program.verbs)
}

function useOptions({ options }: Scan, judge: Judge): void {
  for (const { name, value, use } of options) {
    if (use === 'write') judge.found.write(value)
    if (use === 'read') readFile(value, judge)
    // `systemctl show -p Environment` prints what a service was given.
    if ((name === '-p' || name === '--property') && /environ/i.test(value)) judge.found.unknown('secrets')
  }
}

function useOperands(program: Program, result: Scan, judge: Judge): void {
  const { operands } = result
  if (program.takes === 'names') for (const path of operands) judge.found.read(path, 'name')
  else if (program.takes === 'files') for (const path of operands) readFile(path, judge)
  else if (program.takes === 'pattern') useSearch(program, result, judge)
}

const PATTERNS = new Set(['-e', '-f', '--regexp', '--file'])
const RECURSIVE = new Set(['-r', '-R', '--recursive', '--dereference-recursive'])

/** A search: a pattern first, unless an option has it, then files or folders. */
function useSearch(program: Program, { operands, options }: Scan, judge: Judge): void {
  for (const { name, value } of options) if (CHOOSES.has(name) && isSensitive(value)) judge.found.read(value)
  const hasPattern = options.some(({ name }) => PATTERNS.has(name))
  const isTree = program.isTree || options.some(({ name }) => RECURSIVE.has(name))
  const [pattern = ''] = operands
  // It may become a pattern and a file.
  if (!hasPattern && pattern.includes(SPLIT)) judge.found.unknown()
  for (const path of operands.slice(hasPattern ? 0 : 1)) readFile(path, judge, isTree)
}

/** Which files of a tree are read. */
const CHOOSES = new Set(['--include', '-g', '--glob', '--iglob', '-G'])

function readFile(path: string, { found }: Judge, isTree = false): void {
  if (path === '-') return
  // It may be any file, and some files are no read.
  if (isAnyPath(path)) found.unknown()
  found.read(path, isTree ? 'tree' : 'content')
}

/** Judges a program with sub-commands by the table of the one that stands there. */
export function judgeTool(tool: Tool, call: Call, judge: Judge): void {
  const before = scan(call.words, tool.options, { stopAtOperand: true, isSingle: tool.isSingle })
  const words = call.words.slice(before.end)
  for (const length of [2, 1]) {
    const action = words.length >= length ? tool.actions.get(words.slice(0, length).join(' ')) : undefined
    if (action === undefined) continue
    if (before.strange.length > 0 || before.injectable) judge.found.unknown(`unknown_option:${call.program}`)
    return judgeListed(action, { ...call, words: words.slice(length) }, judge)
  }
  const plain = tool.actions.get('')
  // Where there are sub-commands, a word that is none of those on the list is another one.
  if (plain !== undefined) return judgeListed(tool.actions.size > 1 ? { ...plain, operandsMax: 0 } : plain, call, judge)
  judge.found.unknown(`unknown_action:${call.program}`)
  for (const word of call.words) judge.found.mention(word)
}
