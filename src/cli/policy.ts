import { readFileSync } from 'node:fs'
import { isObject } from '../base/json.ts'
import { packFile, packNames } from '../config/policy-places.ts'
import { readYaml } from '../policy/yaml-source.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

type Command = (args: readonly string[]) => Promise<ExitCode>

/** Each is loaded when it is called for. */
const COMMANDS: Readonly<Record<string, { readonly says: string; readonly load: () => Promise<Command> }>> = {
  check: {
    says: 'every mistake with its line, and what is worth a second look: check [FILE] [-c sallyport.yaml]',
    load: async () => (await import('./policy-check.ts')).policyCheck,
  },
  test: {
    says: "run the file's own tests: test [FILE] [-c …] [--coverage] [--junit FILE] [--packs]",
    load: async () => (await import('./policy-test.ts')).policyTest,
  },
  explain: {
    says: 'why a call is decided as it is: explain [FILE] [-c …] --call call.json',
    load: async () => (await import('./policy-explain.ts')).policyExplain,
  },
  facts: {
    says: 'what is read in the arguments of a call: facts [FILE] [-c …] --call call.json',
    load: async () => (await import('./policy-explain.ts')).policyFacts,
  },
  backtest: {
    says: 'what another policy would have decided: backtest NEW.yaml [-c …] [--since 7d]',
    load: async () => (await import('./policy-backtest.ts')).policyBacktest,
  },
  shadow: {
    says: 'try another policy beside the running one: shadow [NEW.yaml | --stop] [-c …]',
    load: async () => (await import('./policy-shadow.ts')).policyShadow,
  },
  packs: { says: 'the packs that come along', load: () => Promise.resolve(policyPacks) },
}

/** `sallyport policy COMMAND …` */
export async function policy([name, ...args]: readonly string[]): Promise<ExitCode> {
  if (name === undefined || name === 'help' || name === '--help') return help()
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined)
    throw new UsageError(`There is no command "policy ${name}". There are: ${Object.keys(COMMANDS).join(', ')}.`)
  return (await command.load())(args)
}

function help(): ExitCode {
  for (const [name, { says }] of Object.entries(COMMANDS)) printLine(`  policy ${name.padEnd(9)} ${says}`)
  return EXIT.fine
}

/** `sallyport policy packs`: names, and what each is for. */
function policyPacks(args: readonly string[]): Promise<ExitCode> {
  readArgs({ args: [...args], options: {} })
  for (const name of packNames()) {
    const [document] = readYaml(readFileSync(packFile(name), 'utf8'), packFile(name)).documents
    const value: unknown = document?.value
    const [first = '', ...rest] = wrapped(descriptionIn(value), TEXT_CHARS)
    printLine(`${name.padEnd(NAME_CHARS)}${first}`)
    for (const line of rest) printLine(`${' '.repeat(NAME_CHARS)}${line}`)
  }
  return Promise.resolve(EXIT.fine)
}

/** Together a line of an old terminal. */
const NAME_CHARS = 17
const TEXT_CHARS = 62

function wrapped(text: string, chars: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > chars) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function descriptionIn(value: unknown): string {
  return isObject(value) && typeof value['description'] === 'string' ? value['description'] : ''
}
