/** Where a credential goes when the gateway calls the upstream. `basic`: its value is `user:password`. */
export type CredentialKind = 'header' | 'bearer' | 'basic' | 'env'

/** A credential of a connection by name and place, as declared in its file; the value is in the vault. */
export type CredentialDeclaration =
  | { readonly name: string; readonly kind: 'header'; readonly header: string }
  | { readonly name: string; readonly kind: 'bearer' }
  | { readonly name: string; readonly kind: 'basic' }
  | { readonly name: string; readonly kind: 'env'; readonly variable: string }

/** What may be shown of a credential: everything but its value. */
export interface CredentialListing {
  readonly connection: string
  readonly name: string
  readonly kind: CredentialKind
  readonly updatedMs: number
}

/** Characters. Anything shorter occurs by chance, so masking its echoes would destroy replies. */
export const VALUE_LENGTH_MIN = 6
/** Characters. A PEM chain or a service account file has less than 10 KiB. */
export const VALUE_LENGTH_MAX = 64 * 1024

const CREDENTIAL_KINDS: readonly string[] = ['header', 'bearer', 'basic', 'env'] satisfies CredentialKind[]

export function isCredentialKind(text: unknown): text is CredentialKind {
  return typeof text === 'string' && CREDENTIAL_KINDS.includes(text)
}

/** Why a value cannot be a credential of this kind; undefined if it can. One sentence that does not contain the value. */
export function valueFault(kind: CredentialKind, value: string): string | undefined {
  if (value.length < VALUE_LENGTH_MIN) return tooShort('value')
  if (value.length > VALUE_LENGTH_MAX) return `The value is longer than ${VALUE_LENGTH_MAX} characters.`
  switch (kind) {
    case 'env':
      return value.includes('\0') ? 'An environment variable cannot contain a NUL character.' : undefined
    case 'header':
      return headerFault(value)
    case 'bearer':
      return /^bearer\s/i.test(value) ? 'Leave out the word Bearer; it is added.' : headerFault(value)
    case 'basic':
      return basicFault(value)
  }
}

/** A line break would let the value write headers of its own (RFC 9110, 5.5). */
function headerFault(value: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(value)) {
    return 'A header value can have printable ASCII characters only: no line breaks, no NUL, no accents.'
  }
  return value.trim() === value ? undefined : 'A header value cannot begin or end with a space.'
}

function basicFault(value: string): string | undefined {
  const colon = value.indexOf(':')
  if (colon < 0) return 'The value of a basic credential is user:password.'
  // oxlint-disable-next-line no-control-regex -- control characters are what RFC 7617, 2 forbids
  if (/[\x00-\x1f\x7f]/.test(value)) return 'User and password cannot contain control characters.'
  return value.length - colon - 1 < VALUE_LENGTH_MIN ? tooShort('password') : undefined
}

function tooShort(what: string): string {
  return `The ${what} is shorter than ${VALUE_LENGTH_MIN} characters, so its echoes could not be masked without damage to replies.`
}
