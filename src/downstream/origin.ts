/** Which names this listener answers to (protocol.md, 4.4). */
export interface Names {
  /** Lower case, without port: names that a Host header may carry. */
  readonly hosts: ReadonlySet<string>
  /** Origins of browser pages that may call, as browsers write them (`https://app.example.com`). */
  readonly origins: ReadonlySet<string>
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Names of a listener: loopback always (a local listener must stay reachable by them), others as configured. */
export function namesOf(hosts: readonly string[], origins: readonly string[]): Names {
  return {
    hosts: new Set([...LOOPBACK, ...hosts.map((host) => withoutPort(host.toLowerCase()))]),
    origins: new Set(origins),
  }
}

export type OriginVerdict = { readonly kind: 'fine' } | { readonly kind: 'bad_host' } | { readonly kind: 'bad_origin' }

/**
 * A page of a stranger, loaded in the browser of someone who can reach this listener, can make the browser call us under a
 * name that its owner pointed here (DNS rebinding). The Host header still carries that name, and Origin the page's.
 */
export function checkOrigin(host: string | undefined, origin: string | undefined, names: Names): OriginVerdict {
  if (host === undefined || !names.hosts.has(withoutPort(host.toLowerCase()))) return { kind: 'bad_host' }
  if (origin === undefined || names.origins.has(origin)) return { kind: 'fine' }
  return isLoopbackOrigin(origin) ? { kind: 'fine' } : { kind: 'bad_origin' }
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '')
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/]+)$/.exec(origin)
  return match?.[1] !== undefined && LOOPBACK.includes(withoutPort(match[1].toLowerCase()))
}
