import type { ExitCode } from './out.ts'

/** A command of a command, such as `policy check`. */
export interface Subcommand {
  /** What stands after its name. */
  readonly how: string
  readonly says: string
  /** Loaded when it is called for. */
  readonly load: () => Promise<(args: readonly string[]) => Promise<ExitCode>>
}

export type Subcommands = Readonly<Record<string, Subcommand>>

/** Two lines for each. */
export function subcommandHelp(command: string, subcommands: Subcommands): string {
  return Object.entries(subcommands)
    .map(([name, { how, says }]) => `${`${command} ${name} ${how}`.trimEnd()}\n    ${says}`)
    .join('\n')
}

/** Undefined where there is none of that name. */
export function findSubcommand(name: string, subcommands: Subcommands): Subcommand | undefined {
  return Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
}
