import { execFileSync } from 'node:child_process'

/** Bytes of memory that a process has at this moment. */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
}

/** Watches the memory of a process until the returned function is called, which gives the most that was seen. */
export function watchMemory(pid: number): () => number {
  let most = residentBytes(pid)
  const look = (): void => {
    try {
      most = Math.max(most, residentBytes(pid))
    } catch {
      // It has ended; so has what there was to see.
      clearInterval(timer)
    }
  }
  const timer = setInterval(look, 100)
  return () => {
    clearInterval(timer)
    look()
    return most
  }
}
