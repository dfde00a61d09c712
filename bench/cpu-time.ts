/**
 * So many runs that the clock does not matter: it counts the processor's time in steps of some milliseconds. They also warm up
 * the code, for `warmMs` at least: JavaScript is compiled while it runs, and what is not yet costs twenty times as much.
 */
export function batchSize(what: () => unknown, batchMs: number, warmMs = 500): number {
  let size = 1
  for (let spent = 0; ;) {
    const ms = cpuMs(what, size) * size
    spent += ms
    if (ms < batchMs) size *= 2
    else if (spent >= warmMs) return size
  }
}

/** Milliseconds of one run, in time of the processor: nothing here waits, and what else runs on the machine does not count. */
export function cpuMs(what: () => unknown, times: number): number {
  const began = process.threadCpuUsage()
  for (let i = 0; i < times; i += 1) what()
  const { user, system } = process.threadCpuUsage(began)
  return (user + system) / 1_000 / times
}
