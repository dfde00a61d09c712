import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { clock } from '../base/clock.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../base/json.ts'
import { MINUTE_MS } from '../base/units.ts'
import { type CommandLogin, refreshLogin } from '../identity/command-login.ts'
import { UsageError } from './usage.ts'
import { writeWhole } from './write-result.ts'

/** Tokens younger than that are used as they are; older ones are replaced, since groups in them are as old as they are. */
const YOUNG_MS = 5 * MINUTE_MS
const OTHERS = 0o077

/** What `sallyport login` left for this gateway, with a token that is still good; undefined where there is none. */
export async function storedToken(url: string): Promise<string | undefined> {
  const login = readLogins()[url]
  if (!isLogin(login)) return undefined
  const now = clock.nowMs()
  if (now - login.atMs < YOUNG_MS && now < login.expiresMs) return login.accessToken
  const next = await refreshLogin(login, now)
  if (next !== undefined) storeLogin(url, next)
  return next?.accessToken ?? (now < login.expiresMs ? login.accessToken : undefined)
}

/** For its owner only. Returns where it is. */
export function storeLogin(
  url: string,
  { issuer, clientId, accessToken, refreshToken, expiresMs, atMs }: CommandLogin,
): string {
  const logins = { ...readLogins(), [url]: { issuer, clientId, accessToken, refreshToken, expiresMs, atMs } }
  const path = loginsPath()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWhole(path, [stringifyJson(logins)], 0o600)
  return path
}

function loginsPath(): string {
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'sallyport', 'logins.json')
}

function readLogins(): JsonObject {
  const path = loginsPath()
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return {}
  }
  if ((statSync(path).mode & OTHERS) !== 0)
    throw new UsageError(`${path} can be read by others, so its tokens may be known. Remove it, and log in again.`)
  try {
    const logins = parseJson(text)
    if (isObject(logins)) return logins
  } catch {
    // Said below.
  }
  throw new UsageError(`${path} is damaged. Remove it, and log in again.`)
}

function isLogin(value: unknown): value is CommandLogin {
  if (!isObject(value)) return false
  const texts = ['issuer', 'clientId', 'accessToken'].every((key) => typeof value[key] === 'string')
  return texts && typeof value['expiresMs'] === 'number' && typeof value['atMs'] === 'number'
}
