// A browser, as far as the page of approvals needs one: cookies by host, redirects step by step, forms.
export interface PageReply {
  readonly status: number
  readonly url: URL
  readonly headers: Headers
  readonly text: string
}

export class Browser {
  readonly cookies = new Map<string, string>()

  /** One request: no redirect is followed. Cookies are kept by name and host with port, which is stricter than browsers. */
  async visit(url: string | URL, init: RequestInit = {}): Promise<PageReply> {
    const at = new URL(url)
    const cookie = [...this.cookies]
      .filter(([key]) => key.startsWith(`${at.host} `))
      .map(([key, value]) => `${key.split(' ')[1]}=${value}`)
    const headers = new Headers(init.headers)
    if (cookie.length > 0) headers.set('cookie', cookie.join('; '))
    const response = await fetch(at, { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0/i.test(line)) this.cookies.delete(`${at.host} ${name}`)
      else this.cookies.set(`${at.host} ${name}`, value)
    }
    return { status: response.status, url: at, headers: response.headers, text: await response.text() }
  }

  /** Follows redirects; where the demo's identity provider asks who somebody is, it is this person. */
  async follow(url: string | URL, person: string): Promise<PageReply> {
    let reply = await this.visit(url)
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const location = reply.headers.get('location')
      if (location === null) return reply
      const next = new URL(location, reply.url)
      reply = next.pathname.startsWith('/interaction/')
        ? await this.visit(next, { method: 'POST', body: new URLSearchParams({ person }) })
        : await this.visit(next)
    }
    throw new Error('too many redirects')
  }

  /** Sends a form of a page that was shown, as a browser does. */
  async send(from: PageReply, step: string, fields: Readonly<Record<string, string>> = {}): Promise<PageReply> {
    const body = new URLSearchParams({ csrf: csrfIn(from), ...fields })
    return this.visit(new URL(`${from.url.pathname}/${step}`, from.url), {
      method: 'POST',
      body,
      headers: { origin: from.url.origin },
    })
  }
}

const STEPS_MAX = 12

export function csrfIn({ text }: PageReply): string {
  const [, token] = /name="csrf" value="([^"]+)"/.exec(text) ?? []
  if (token === undefined) throw new Error(`no form in: ${text}`)
  return token
}
