import type { CommandReading } from '../commands/command.ts'
import type { Call, Judge } from './judge.ts'
import { SPLIT } from './marks.ts'

/** Adds what the reader of a well-known program found, and judges the command that the program would run itself. */
export function addReading(reading: CommandReading, call: Call, judge: Judge): void {
  const { found } = judge
  found.verb(...reading.verbs)
  found.flag(...reading.flags)
  for (const path of reading.reads ?? []) found.read(path)
  for (const path of reading.writes ?? []) found.write(path)
  for (const url of reading.urls ?? []) found.url(url)
  for (const host of reading.hosts ?? []) found.host(host)
  if (reading.k8s !== undefined) found.k8s(reading.k8s)
  if (reading.cloud !== undefined) found.cloud(reading.cloud)
  if (reading.verbs.length === 0) found.unknown()
  const inner = reading.inner ?? []
  if (inner.length > 0) {
    judge.run(
      inner.map((word) => word ?? SPLIT),
      { via: call.program, input: call.input },
    )
  }
}
