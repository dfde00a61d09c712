// The binary. Each command is a composition root: it builds what it needs, runs it, and ends it.
import { GatewayError } from '../base/assert.ts'
import { EXIT, type ExitCode, printError, printLine, whenUnread } from './out.ts'
import { UsageError } from './usage.ts'

type Command = (args: readonly string[]) => Promise<ExitCode>

interface Listed {
  readonly says: string
  /** Loaded when it is called for: `sallyport tail` needs no HTTP client. */
  readonly load: () => Promise<Command>
  /** More than a line can say. */
  readonly help?: () => Promise<string>
  /** Others depend on it, whoever reads what it prints. */
  readonly serves?: true
}

const COMMANDS: Readonly<Record<string, Listed>> = {
  serve: {
    says: 'run the gateway: serve -c sallyport.yaml',
    serves: true,
    load: async () => (await import('./serve.ts')).serve,
  },
  demo: {
    says: 'run everything at once to try it: demo [--json]',
    serves: true,
    load: async () => (await import('../demo/demo.ts')).demo,
  },
  check: {
    says: 'check a configuration: check -c sallyport.yaml',
    load: async () => (await import('./check.ts')).check,
  },
  policy: {
    says: 'check, test and explain a policy, or try another: policy --help',
    load: async () => (await import('./policy.ts')).policy,
    help: async () => (await import('./policy.ts')).HELP,
  },
  facts: {
    says: 'what is read in a text: facts sql|shell|http|mongo|k8s|cloud TEXT',
    load: async () => (await import('./facts.ts')).facts,
  },
  mask: {
    says: 'try masking: mask [FILE|-]; what it covers: --coverage; search a log: --log DIR; mask --help',
    load: async () => (await import('./mask.ts')).mask,
    help: async () => (await import('./mask.ts')).HELP,
  },
  credential: {
    says: 'store secrets of MCP servers: credential set|list|remove CONNECTION [NAME]',
    load: async () => (await import('./credential.ts')).credential,
  },
  surrogates: {
    says: 'erase stand-ins: surrogates forget --principal SUBJECT | --connection NAME | --all',
    load: async () => (await import('./surrogates.ts')).surrogates,
  },
  tail: {
    says: 'follow what is recorded: tail [--data DIR] [--json] [--no-follow]',
    load: async () => (await import('./read-log.ts')).tail,
  },
  sessions: {
    says: 'list recorded sessions: sessions [--data DIR] [--json]',
    load: async () => (await import('./read-log.ts')).sessions,
  },
  search: {
    says: 'search what is recorded: search QUERY [--count] [--facets who,tool] [--json]',
    load: async () => (await import('./search.ts')).search,
    help: async () => (await import('./search.ts')).HELP,
  },
  reindex: {
    says: 'build the search index anew from the log: reindex [--data DIR]',
    load: async () => (await import('./reindex.ts')).reindex,
  },
  replay: {
    says: 'one session as it went: replay SESSION [--step] [--as html|asciicast|json|har]; replay --help',
    load: async () => (await import('./replay.ts')).replay,
    help: async () => (await import('./replay.ts')).HELP,
  },
  export: {
    says: 'records for other tools: export [--format ocsf] [-o FILE] [--follow]; export --help',
    load: async () => (await import('./export.ts')).exportLog,
    help: async () => (await import('./export.ts')).HELP,
  },
  approvals: {
    says: 'decide what waits for people: approvals list|show|approve|deny|watch; approvals --help',
    load: async () => (await import('./approvals/command.ts')).approvals,
    help: async () => (await import('./approvals/command.ts')).HELP,
  },
  login: {
    says: 'get a token for approvals with your identity provider: login --url URL [--client-id ID]',
    load: async () => (await import('./login.ts')).login,
  },
  witness: {
    says: 'vouch for logs of others: witness --folder DIR --policy FILE --name NAME [--listen HOST:PORT]',
    serves: true,
    load: async () => (await import('./witness.ts')).witness,
  },
  audit: {
    says: 'check the log: audit verify [DIR|FILE.zip]; prove, receipt, bundle, hold, erase and more: audit --help',
    load: async () => (await import('./audit.ts')).audit,
    help: async () => (await import('./audit.ts')).HELP,
  },
  '--version': {
    says: 'which Sallyport this is, and on which Node',
    load: async () => (await import('./program-version.ts')).printVersion,
  },
}

const HELP: readonly string[] = ['help', '--help', '-h']

process.exitCode = await main(process.argv.slice(2))

async function main([name, ...args]: readonly string[]): Promise<ExitCode> {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  whenUnread(command?.serves === true ? 'go on' : 'end')
  if (name === undefined || HELP.includes(name)) return help()
  if (command === undefined) return wrong(`There is no command "${name}".`)
  try {
    if (asksForHelp(args, command)) return await helpWith(name, command)
    return await (
      await command.load()
    )(args)
  } catch (error) {
    if (error instanceof UsageError) return wrong(error.message, `${name} --help`)
    if (!(error instanceof GatewayError)) throw error
    printError(`sallyport: ${error.message}`)
    return EXIT.failed
  }
}

function help(): ExitCode {
  printLine('Sallyport, a security gateway for MCP.\n')
  for (const [name, { says }] of Object.entries(COMMANDS)) printLine(`  ${name.padEnd(11)} ${says}`)
  return EXIT.fine
}

/** The bare word counts where there is more to say; elsewhere it may be a name. */
function asksForHelp(args: readonly string[], { help: more }: Listed): boolean {
  const end = args.indexOf('--')
  const options = end < 0 ? args : args.slice(0, end)
  return (
    options.includes('--help') ||
    options.includes('-h') ||
    (more !== undefined && args.length === 1 && args[0] === 'help')
  )
}

async function helpWith(name: string, { help: more, says }: Listed): Promise<ExitCode> {
  printLine(more === undefined ? `sallyport ${name}: ${says}` : await more())
  return EXIT.fine
}

function wrong(message: string, where = 'help'): ExitCode {
  printError(`${message} See: sallyport ${where}`)
  return EXIT.usage
}
