import type { SQLOutputValue } from 'node:sqlite'
import { GatewayError } from '../../base/assert.ts'

/** A row as SQLite hands it out: nothing is believed until it is read by one of the functions below. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** Throws GatewayError for another type: the file was changed by something that is not us. */
export function textAt(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw damaged(column)
  return value
}

export function numberAt(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw damaged(column)
  return value
}

export function bytesAt(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw damaged(column)
  return value
}

export function damaged(column: string): GatewayError {
  return new GatewayError('config_invalid', `A database is damaged: ${column} holds what was never written there.`)
}
