/** A cookie of the page. */
export type CookieName = 'session' | 'login'

/**
 * `__Host-`: the browser takes it from https alone, for this host and whole site, so that no other page of the domain and
 * nobody on the way can set it (RFC 6265bis, 4.1.3.2). On this machine there is no https, and the plain name has to do.
 */
export function cookieName(name: CookieName, baseUrl: string): string {
  return baseUrl.startsWith('https://') ? `__Host-sallyport-${name}` : `sallyport-${name}`
}

/**
 * `Lax`: a link from a chat, and the way back from the identity provider, come with it; forms of other sites do not. Strict
 * would make each link look as if nobody were logged in, and what changes anything has its own proof (decisions/061).
 */
export function setCookie(name: CookieName, value: string | undefined, baseUrl: string): readonly string[] {
  const secure = baseUrl.startsWith('https://') ? '; Secure' : ''
  const age = value === undefined ? '; Max-Age=0' : ''
  return ['Set-Cookie', `${cookieName(name, baseUrl)}=${value ?? ''}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`]
}

/** Undefined where it is not there, or twice: then somebody else set one. */
export function readCookie(header: string | undefined, name: CookieName, baseUrl: string): string | undefined {
  const key = `${cookieName(name, baseUrl)}=`
  const found = (header ?? '').split(/[;,] */).filter((part) => part.startsWith(key))
  const [only] = found
  return found.length === 1 && only !== undefined ? only.slice(key.length) : undefined
}
