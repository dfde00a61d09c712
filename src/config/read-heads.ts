import { parseDuration, SECOND_MS } from '../base/units.ts'
import type { HeadsConfig } from './config.ts'
import type { MainFile } from './main-file.ts'
import type { Mistake } from '../policy/mistake.ts'

const DEFAULT_HEARTBEAT = '60s'
const DEFAULT_EVERY = '1s'

/** The rhythm of heads; a disk syncs once for each, so none is more frequent than once a second. */
export function readHeads({ document, entry }: MainFile, mistakes: Mistake[]): HeadsConfig {
  const { checkpoints, heartbeat } = entry.audit ?? {}
  const config = {
    heartbeatMs: parseDuration(heartbeat ?? DEFAULT_HEARTBEAT) ?? 0,
    headMs: parseDuration(checkpoints?.every ?? DEFAULT_EVERY) ?? 0,
  }
  const least = 'this must be at least 1s'
  if (config.heartbeatMs < SECOND_MS) mistakes.push(document.at(['audit', 'heartbeat'], least))
  if (config.headMs < SECOND_MS) mistakes.push(document.at(['audit', 'checkpoints', 'every'], least))
  return config
}
