import { readFileSync } from 'node:fs'
import { isObject } from '../base/json.ts'
import { packFile, packNames } from '../config/policy-places.ts'
import { readYaml } from '../policy/yaml-source.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { findSubcommand, subcommandHelp, type Subcommands } from './subcommand.ts'
import { readArgs, UsageError } from './usage.ts'
import { beside } from './wrap.ts'

const COMMANDS: Subcommands = {
  check: {
    says: 'every mistake with its line, and what is worth a second look',
    how: '[FILE] [-c sallyport.yaml]',
    load: async () => (await import('./policy-check.ts')).policyCheck,
  },
  test: {
    says: "run the file's own tests",
    how: '[FILE] [-c …] [--coverage] [--junit FILE] [--packs]',
    load: async () => (await import('./policy-test.ts')).policyTest,
  },
  explain: {
    says: 'why a call is decided as it is',
    how: '[FILE] [-c …] --call call.json [--json]',
    load: async () => (await import('./policy-explain.ts')).policyExplain,
  },
  facts: {
    says: 'what is read in the arguments of a call',
    how: '[FILE] [-c …] --call call.json [--json]',
    load: async () => (await import('./policy-explain.ts')).policyFacts,
  },
  backtest: {
    says: 'what another policy would have decided',
    how: 'NEW.yaml [-c …] [--since 7d]',
    load: async () => (await import('./policy-backtest.ts')).policyBacktest,
  },
  shadow: {
    says: 'try another policy beside the running one',
    how: '[NEW.yaml | --stop] [-c …]',
    load: async () => (await import('./policy-shadow.ts')).policyShadow,
  },
  packs: { says: 'the packs that come along', how: '', load: () => Promise.resolve(policyPacks) },
}

/** `sallyport policy COMMAND …` */
export async function policy([name, ...args]: readonly string[]): Promise<ExitCode> {
  if (name === undefined) {
    printLine(HELP)
    return EXIT.fine
  }
  const command = findSubcommand(name, COMMANDS)
  if (command === undefined)
    throw new UsageError(`There is no command "policy ${name}". There are: ${Object.keys(COMMANDS).join(', ')}.`)
  return (await command.load())(args)
}

export const HELP = subcommandHelp('policy', COMMANDS)

/** `sallyport policy packs`: names, and what each is for. */
function policyPacks(args: readonly string[]): Promise<ExitCode> {
  readArgs({ args: [...args], options: {} })
  for (const name of packNames()) {
    const [document] = readYaml(readFileSync(packFile(name), 'utf8'), packFile(name)).documents
    const value: unknown = document?.value
    for (const line of beside(name.padEnd(PACK_CHARS), descriptionIn(value))) printLine(line)
  }
  return Promise.resolve(EXIT.fine)
}

/** The longest name and two. */
const PACK_CHARS = 17

function descriptionIn(value: unknown): string {
  return isObject(value) && typeof value['description'] === 'string' ? value['description'] : ''
}
