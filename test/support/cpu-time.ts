/** Milliseconds of the processor that something took, in this thread: what else runs on the machine does not count. */
export function cpuMs(action: () => unknown): number {
  const before = process.threadCpuUsage()
  action()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
