/**
 * Credentials of a connection as they are now, ready for use. Asked for each request and each process; what is returned
 * is never kept, logged or put into an error. Throws `credential_unreadable`.
 */
export interface Injection {
  /** Lower-case names, whole values: `authorization: Bearer …`. */
  headers(): Readonly<Record<string, string>>
  env(): Readonly<Record<string, string>>
}
