// What the log of a gateway holds, read with the binary's own commands.
import type { Gateway } from './gateway.ts'
import { isRecord } from './process.ts'

export type Recorded = Readonly<Record<string, unknown>>

/** Every record, oldest first, as `tail --json` prints it. */
export async function recordsOf(gateway: Gateway): Promise<readonly Recorded[]> {
  const { stdout } = await run(gateway, ['tail', '--json', '--no-follow'])
  return stdout.split('\n').flatMap((line) => {
    if (line === '') return []
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? [value] : []
  })
}

/** Runs a reading command over the data folder; throws where it fails. */
export async function run(gateway: Gateway, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const done = await gateway.command([...args, '--data', gateway.dataFolder])
  if (done.code !== 0) throw new Error(`${args.join(' ')} ended with ${done.code}\n${done.stdout}\n${done.stderr}`)
  return done
}

/** The value at the end of a path of keys. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (isRecord(here) ? here[key] : undefined), value)
}

/** Records of one kind. */
export function ofKind(records: readonly Recorded[], kind: string): readonly Recorded[] {
  return records.filter((record) => record['kind'] === kind)
}
