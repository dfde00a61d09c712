import { textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

/** What each tool was when it was first seen, in control.db: a definition that changes over a restart is told too. */
export class SqliteToolPins {
  readonly #control: ControlDatabase

  constructor(control: ControlDatabase) {
    this.#control = control
  }

  /** The pins of one connection. */
  of(connection: string): { first(tool: string, hash: string): string; find(tool: string): string | undefined } {
    const { database } = this.#control
    const keep = database.prepare(
      'INSERT INTO tool_pin (connection, tool, hash) VALUES (?, ?, ?) ON CONFLICT (connection, tool) DO NOTHING',
    )
    const find = database.prepare('SELECT hash FROM tool_pin WHERE connection = ? AND tool = ?')
    return {
      first(tool, hash) {
        const row = find.get(connection, tool)
        if (row !== undefined) return textAt(row, 'hash')
        keep.run(connection, tool, hash)
        return hash
      },
      find(tool) {
        const row = find.get(connection, tool)
        return row === undefined ? undefined : textAt(row, 'hash')
      },
    }
  }
}
