import { pino } from 'pino'

type Detail = Readonly<Record<string, string | number | undefined>>

/** What operators read: one line of JSON each on standard error. Detail is plain values that were masked or are our own. */
export interface OperatorLog {
  info(what: string, detail: Detail): void
  warn(what: string, detail: Detail): void
  error(what: string, detail: Detail): void
}

/** `quiet` shows only what somebody has to act on. */
export function operatorLog(options: { quiet?: boolean } = {}): OperatorLog {
  const logger = pino(
    { base: null, level: options.quiet === true ? 'error' : 'info', timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  )
  return {
    info: (what, detail) => logger.info(detail, what),
    warn: (what, detail) => logger.warn(detail, what),
    error: (what, detail) => logger.error(detail, what),
  }
}
