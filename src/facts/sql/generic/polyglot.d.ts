// The package's own types are sixteen thousand lines; one function of it is used here.
declare module '@polyglot-sql/sdk' {
  export function parse(
    sql: string,
    dialect: 'mysql' | 'sqlite' | 'tsql' | 'bigquery',
  ): { readonly success: boolean; readonly ast?: unknown; readonly error?: string | null }
}
