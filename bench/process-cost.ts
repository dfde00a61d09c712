// What a process has used so far, from /proc: all its threads, user and kernel.
import { readFileSync } from 'node:fs'

/** Linux counts in ticks of 10 ms (USER_HZ, fixed at 100 for user space). */
const TICK_MS = 10

/** CPU milliseconds since the process began. Linux only; elsewhere NaN, which the report shows as unknown. */
export function cpuMsOf(pid: number): number {
  const stat = readOrEmpty(`/proc/${pid}/stat`)
  // The name in brackets may hold spaces: fields are counted behind it. utime is the 14th of all, stime the 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Resident memory in bytes, now and at its highest. Linux only. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readOrEmpty(`/proc/${pid}/status`)
  const kib = (name: string) => Number(new RegExp(String.raw`^${name}:\s+(\d+) kB`, 'm').exec(status)?.[1])
  return { now: kib('VmRSS') * 1024, peak: kib('VmHWM') * 1024 }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
