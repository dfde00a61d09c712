import { readCommand } from '../commands/command.ts'
import { COMMANDS_MAX } from '../facts.ts'
import type { Word } from '../reader.ts'
import { addReading } from './known-command.ts'
import { HANDLERS } from './handlers/handlers.ts'
import { SYSTEM_HANDLERS } from './handlers/system.ts'
import { WRAPPER_HANDLERS } from './handlers/wrappers.ts'
import type { Call, Judge } from './judge.ts'
import { judgeListed, judgeTool } from './listed.ts'
import { asArgument, DIGITS, isDynamic, isStatic, ONE, shown } from './marks.ts'
import { EFFECTS } from './programs/effects.ts'
import { judgeEffect } from './effects.ts'
import { PROGRAMS, TOOLS, VERSIONED } from './programs/programs.ts'

/** Where programs are that a name means. A program in any other folder is somebody's file. */
const FOLDER = /^(?:\/(?:usr\/(?:local\/)?)?s?bin|\/opt\/homebrew\/s?bin|\/snap\/bin|\/bin)\/[^/]+$/

/** Judges one command by the name of its program. `isDirect`: the shell runs it, so functions count. */
export function dispatch(call: Call, judge: Judge, isDirect: boolean): void {
  const { found } = judge
  const name = call.program
  if (found.commandsCount >= COMMANDS_MAX) return judge.overLimit(`the text has more than ${COMMANDS_MAX} commands`)
  if (call.words.some(isDynamic)) found.flag('dynamic_args')
  if (!isStatic(name)) {
    record('\0', call, judge)
    for (const word of call.words) found.mention(word)
    return found.unknown('dynamic_program')
  }
  const program = name.slice(name.lastIndexOf('/') + 1)
  record(program, call, judge)
  if (isDirect && judge.isFunction(name)) return found.verb('read')
  if (name.includes('/') && !FOLDER.test(name)) found.unknown(`unknown_program:${program}`)
  judgeProgram({ ...call, program }, judge)
}

function record(program: string, call: Call, { found }: Judge): void {
  found.command({ program, args: call.words.map(asArgument), via: call.via })
}

function judgeProgram(call: Call, judge: Judge): void {
  const { program } = call
  if (isVersionLookUp(call)) return judge.found.verb('read')
  const handler = HANDLERS.get(program)
  if (handler !== undefined) return handler(call, judge)
  const reading = readCommand(program, call.words.map(asWord))
  if (reading !== undefined) return addReading(reading, call, judge)
  const listed = PROGRAMS.get(program)
  if (listed !== undefined) return judgeListed(listed, call, judge)
  const tool = TOOLS.get(program)
  if (tool !== undefined) return judgeTool(tool, call, judge)
  const effect = EFFECTS.get(program)
  if (effect !== undefined) return judgeEffect(effect, call, judge)
  for (const word of call.words) judge.found.mention(word)
  judge.found.unknown(`unknown_program:${program}`)
}

/** `--version` alone; of programs that the tables know, and of the usual compilers and tools. */
function isVersionLookUp({ program, words }: Call): boolean {
  if (words.length !== 1) return false
  const word = words[0] ?? ''
  const options = VERSIONED.get(program)
  if (options !== undefined) return options.includes(word)
  return (
    (word === '--version' || word === '--help') &&
    [PROGRAMS, TOOLS, EFFECTS, WRAPPER_HANDLERS, SYSTEM_HANDLERS].some((table) => table.has(program))
  )
}

/** As the readers of other programs take words: undefined where it may be anything. */
function asWord(word: string): Word {
  if (isDynamic(word) || word.startsWith(ONE)) return undefined
  return word === DIGITS ? '1' : shown(word)
}
