import { httpUrl } from './http-url.ts'

export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Nobody on the way reads or changes what goes there: https, or a server on this machine. */
export function isPrivateUrl(text: string): boolean {
  const url = httpUrl(text)
  return url?.protocol === 'https:' || (url !== undefined && LOOPBACK.has(url.hostname))
}

/** `${env:NAME}` or `file:PATH`. */
export function isReference(text: string): boolean {
  return /^(?:\$\{env:[A-Za-z_][A-Za-z0-9_]*\}|file:.+)$/.test(text)
}
