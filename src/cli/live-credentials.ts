import { GatewayError } from '../base/assert.ts'
import type { CredentialDeclaration } from '../credentials/credential.ts'
import { inject, type Injection } from '../credentials/inject.ts'
import type { Vault } from '../credentials/vault.ts'
import { credentialHide } from '../masking/credential-echo.ts'
import type { Hide } from '../masking/masked.ts'

/** Values that were replaced go on being masked: an upstream may still know them, and so may its logs. */
const REPLACED_KEPT = 32

/**
 * The credentials of one connection as they are now: `sallyport credential set` takes effect without a restart. Where one
 * is missing or unreadable the connection refuses its calls and says why; the others go on.
 */
export class LiveCredentials {
  readonly #connection: string
  readonly #declared: readonly CredentialDeclaration[]
  readonly #vault: Vault
  #injection: Injection | undefined
  #trouble: GatewayError | undefined
  #hidden: readonly string[] = []
  #hide: Hide
  #hits = 0

  constructor(connection: string, declared: readonly CredentialDeclaration[], vault: Vault) {
    this.#connection = connection
    this.#declared = declared
    this.#vault = vault
    this.#hide = credentialHide([])
    this.refresh()
  }

  /** Why the connection cannot be used; undefined if it can. */
  get trouble(): GatewayError | undefined {
    return this.#trouble
  }

  /** The rules in force, for whoever keeps them. */
  readonly hide: Hide = {
    bytes: (raw) => this.#hide.bytes(raw),
    text: (raw) => this.#hide.text(raw),
    takeHits: () => {
      const hits = this.#hits
      this.#hits = 0
      return hits
    },
  }

  headers(): Readonly<Record<string, string>> {
    return this.#current().headers()
  }

  env(): Readonly<Record<string, string>> {
    return this.#current().env()
  }

  /** Reads the vault again. */
  refresh(): void {
    try {
      this.#injection = inject(this.#connection, this.#declared, this.#vault.load(this.#connection))
      this.#trouble = undefined
      const hidden = [...new Set([...this.#injection.hidden(), ...this.#hidden])]
      this.#hidden = hidden.slice(0, this.#injection.hidden().length + REPLACED_KEPT)
      this.#hide = credentialHide(this.#hidden, (places) => {
        this.#hits += places
      })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      this.#injection = undefined
      this.#trouble = error
    }
  }

  #current(): Injection {
    if (this.#injection !== undefined) return this.#injection
    throw (
      this.#trouble ?? new GatewayError('credential_unreadable', 'The credentials of this connection are not loaded.')
    )
  }
}
