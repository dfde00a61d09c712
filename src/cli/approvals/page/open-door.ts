import type { Config } from '../../../config/config.ts'
import { PageLogins } from '../../../identity/page-login.ts'
import { secretOf } from '../../secret-of.ts'
import { Door } from './login.ts'

/** Undefined where the configuration has no login for the page. Throws `config_invalid` where its secret is not there. */
export function doorOf({ approvals: { page }, issuers }: Config): Door | undefined {
  const issuer = issuers.find((one) => one.issuer === page?.issuer)
  if (page === undefined || issuer === undefined) return undefined
  const { clientId, clientSecret, scopes } = page
  const secret = clientSecret === undefined ? undefined : secretOf(clientSecret, 'the client secret of approvals.page')
  return new Door(new PageLogins({ issuer, clientId, clientSecret: secret, scopes }))
}
