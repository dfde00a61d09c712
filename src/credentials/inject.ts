import { GatewayError } from '../base/assert.ts'
import { encodeUtf8, toBase64 } from '../base/bytes.ts'
import { Sealed } from '../base/sealed.ts'
import { type CredentialDeclaration, VALUE_LENGTH_MIN, valueFault } from './credential.ts'
import type { Secret } from './secret.ts'

/** What a connection's credentials come to on the wire. Prints nothing of it; read it where the request is made. */
export class Injection {
  readonly #headers: Readonly<Record<string, string>>
  readonly #env: Readonly<Record<string, string>>
  readonly #hidden: readonly string[]

  constructor(parts: readonly Part[]) {
    this.#headers = Object.fromEntries(parts.flatMap((part) => (part.header === undefined ? [] : [part.header])))
    this.#env = Object.fromEntries(parts.flatMap((part) => (part.env === undefined ? [] : [part.env])))
    this.#hidden = [...new Set(parts.flatMap((part) => part.hidden))]
  }

  /** Lower-case names. */
  headers(): Readonly<Record<string, string>> {
    return this.#headers
  }

  env(): Readonly<Record<string, string>> {
    return this.#env
  }

  /** Every string that must be masked if the upstream echoes it. */
  hidden(): readonly string[] {
    return this.#hidden
  }
}

interface Part {
  readonly header?: readonly [name: string, value: string]
  readonly env?: readonly [name: string, value: string]
  readonly hidden: readonly string[]
}

/** Headers that the transport owns: to set one of these would be to change the message, not to log in. */
const OWNED_HEADERS: readonly string[] = [
  'accept',
  'connection',
  'content-length',
  'content-type',
  'host',
  'last-event-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Puts secrets in their places. Throws GatewayError: `credential_unreadable` if one has no value, `config_invalid` if it has no place. */
export function inject(
  connection: string,
  declarations: readonly CredentialDeclaration[],
  secrets: ReadonlyMap<string, Secret>,
): Injection {
  const places = new Set<string>()
  const parts = declarations.map((declaration) => {
    const place = placeOf(declaration)
    if (places.has(place)) throw invalid(connection, declaration.name, `another credential also wants ${place}`)
    places.add(place)
    return partOf(connection, declaration, secrets.get(declaration.name))
  })
  return new Injection(parts)
}

function placeOf(declaration: CredentialDeclaration): string {
  switch (declaration.kind) {
    case 'header':
      return `header ${declaration.header.toLowerCase()}`
    case 'bearer':
    case 'basic':
      return 'header authorization'
    case 'env':
      return `variable ${declaration.variable}`
  }
}

function partOf(connection: string, declaration: CredentialDeclaration, secret: Secret | undefined): Part {
  const { name, kind } = declaration
  if (secret === undefined) {
    throw new GatewayError(
      'credential_unreadable',
      `The credential ${name} of ${connection} has no value; run: sallyport credential set ${connection} ${name}`,
    )
  }
  const value = Sealed.open(secret)
  // It may have been stored for another place than the one that is declared today.
  const fault = valueFault(kind, value)
  if (fault !== undefined) throw invalid(connection, name, fault)
  switch (declaration.kind) {
    case 'header':
      return { header: [headerName(connection, declaration), value], hidden: withoutScheme(value) }
    case 'bearer':
      return { header: ['authorization', `Bearer ${value}`], hidden: [value] }
    case 'basic':
      return basic(value)
    case 'env':
      return { env: [declaration.variable, value], hidden: [value, ...insideOf(value)] }
  }
}

function headerName(connection: string, declaration: { readonly name: string; readonly header: string }): string {
  const header = declaration.header.toLowerCase()
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(header)) throw invalid(connection, declaration.name, 'that is no header name')
  if (OWNED_HEADERS.includes(header) || header.startsWith('mcp-')) {
    throw invalid(connection, declaration.name, `the header ${header} is not for credentials`)
  }
  return header
}

/** `Token abc` is echoed as often without its first word as with it. */
function withoutScheme(value: string): readonly string[] {
  const rest = value.slice(value.indexOf(' ') + 1)
  return [value, rest].filter((text) => text.length >= VALUE_LENGTH_MIN)
}

function basic(value: string): Part {
  const encoded = toBase64(encodeUtf8(value))
  const password = value.slice(value.indexOf(':') + 1)
  return { header: ['authorization', `Basic ${encoded}`], hidden: [value, password, encoded] }
}

/** The password in a connection string, and the lines of a key: both get echoed alone. */
function insideOf(value: string): readonly string[] {
  const raw = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*?:([^/?#]+)@/i.exec(value)?.[1]
  const passwords = raw === undefined ? [] : [raw, decoded(raw)]
  const lines = value.split(/\r?\n/).filter((line) => line !== value && /^\S{24,}$/.test(line))
  return [...passwords.filter((text) => text.length >= VALUE_LENGTH_MIN), ...lines]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function invalid(connection: string, name: string, why: string): GatewayError {
  return new GatewayError('config_invalid', `The credential ${name} of ${connection} cannot be used: ${why}`)
}
