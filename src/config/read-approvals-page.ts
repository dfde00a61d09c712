import type { Mistake } from '../policy/mistake.ts'
import type { SecretReference } from './config.ts'
import type { MainFile } from './main-file.ts'
import { secretReference } from './secret-reference.ts'

/** `approvals.page`: how people log in to the page. */
export interface ApprovalsPageConfig {
  readonly issuer: string
  readonly clientId: string
  /** Undefined for a public client. */
  readonly clientSecret: SecretReference | undefined
  readonly scopes: readonly string[]
}

const SCOPES = ['openid', 'profile', 'email']

/** Undefined where there is no page. */
export function readApprovalsPage(
  { document, entry, folder }: MainFile,
  mistakes: Mistake[],
): ApprovalsPageConfig | undefined {
  const page = entry.approvals?.page
  if (page === undefined) return undefined
  const { issuer, client_id, client_secret, scopes = SCOPES } = page
  // Somebody who asked with an access token of one issuer must be the same person at the page (approvals.md, 7).
  if (!entry.identity.issuers.some((one) => one.issuer === issuer))
    mistakes.push(document.at(['approvals', 'page', 'issuer'], 'this is none of identity.issuers', 'add it there'))
  if (!scopes.includes('openid'))
    mistakes.push(
      document.at(['approvals', 'page', 'scopes'], 'without openid nobody says who logged in', 'add openid'),
    )
  const clientSecret = client_secret === undefined ? undefined : secretReference(client_secret, folder)
  return { issuer, clientId: client_id, clientSecret, scopes }
}
