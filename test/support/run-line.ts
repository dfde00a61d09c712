import type { CommandReading } from '../../src/facts/commands/command.ts'
import { readCommand } from '../../src/facts/commands/command.ts'
import { splitWords } from '../../src/facts/commands/words.ts'

/** For tests: reads a command line; a word with `${X}` in it is only known at run time. Throws where it cannot be read. */
export function run(line: string): CommandReading {
  const split = splitWords(line.replaceAll('${X}', DYNAMIC))
  if (split.kind === 'refused') throw new Error(`${line}: ${split.error}`)
  const [program = '', ...words] = split.words
  const read = readCommand(
    program,
    words.map((word) => (word.includes(DYNAMIC) ? undefined : word)),
  )
  if (read === undefined) throw new Error(`${program} is not known`)
  return read
}

const DYNAMIC = '@dynamic@'
