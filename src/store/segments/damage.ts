/** What recovery refuses to go on with. `offset` is where in the file. */
export class LogDamage extends Error {
  readonly code: 'segment_damaged' | 'segment_missing' | 'log_lost' | 'behind' | 'head_conflict' | 'tile_missing'
  readonly file: string
  readonly offset: number

  constructor(code: LogDamage['code'], what: string, where: { file: string; offset?: number }) {
    super(`${what} (${where.file}, offset ${where.offset ?? 0})`)
    this.name = 'LogDamage'
    this.code = code
    this.file = where.file
    this.offset = where.offset ?? 0
  }
}
