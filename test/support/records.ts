// What the log of a gateway holds.
import { dirname, join } from 'node:path'
import { packKeysFor } from '../../src/cli/pack-keys.ts'
import { printJson } from '../../src/recording/print.ts'
import { readRecorded } from '../../src/recording/read.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import type { Gateway } from './gateway.ts'
import { isRecord } from './process.ts'

export type Recorded = Readonly<Record<string, unknown>>

/** Every record, oldest first, as `tail --json` prints it, without the record of a look that the command leaves. */
export async function recordsOf({ dataFolder }: Pick<Gateway, 'dataFolder'>): Promise<readonly Recorded[]> {
  const records: Recorded[] = []
  // What has ended is sealed meanwhile.
  const keys = packKeysFor({ kind: 'file', path: join(dirname(dataFolder), 'master.key') }, dataFolder)
  for await (const record of readRecorded(readRecords({ folder: dataFolder, keys }))) {
    const value: unknown = JSON.parse(printJson(record))
    if (isRecord(value)) records.push(value)
  }
  return records
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
