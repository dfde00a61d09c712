const LOOK_MS = 20

/** False where nobody of the group is left. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch {
    // ESRCH: nobody. EPERM: only processes that have changed their user, which are not ours to end.
    return false
  }
}

/** Ends whoever is left of a group whose leader is gone: TERM, and KILL after `stopMs`. Resolves when nobody is left. */
export async function endGroup(group: number, stopMs: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return
  for (let waitedMs = 0; waitedMs < stopMs; waitedMs += LOOK_MS) {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS)
    })
    if (!signalGroup(group, 0)) return
  }
  signalGroup(group, 'SIGKILL')
}
