import type { CommandReading } from '../commands/command.ts'
import type { Call, Judge } from './judge.ts'
import { SPLIT } from './marks.ts'

/** Adds what the reader of a well-known program found, and judges the command that the program would run itself. */
export function addReading(reading: CommandReading, call: Call, judge: Judge): void {
  const { found } = judge
  found.verb(...reading.verbs)
  found.flag(...reading.flags)
  if (reading.verbs.length === 0) found.unknown()
  addPlaces(reading, judge)
  if (reading.k8s !== undefined) found.k8s(reading.k8s)
  if (reading.cloud !== undefined) found.cloud(reading.cloud)
  const inner = (reading.inner ?? []).map((word) => word ?? SPLIT)
  if (inner.length > 0) judge.run(inner, { via: call.program, input: call.input })
}

function addPlaces({ reads = [], writes = [], urls = [], hosts = [] }: CommandReading, { found }: Judge): void {
  for (const path of reads) found.read(path)
  for (const path of writes) found.write(path)
  for (const url of urls) found.url(url)
  for (const host of hosts) found.host(host)
}
