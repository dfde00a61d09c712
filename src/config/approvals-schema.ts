import type { Schema } from '../policy/check-shape.ts'
import { notifySchema } from './notify-schema.ts'
import { duration, list, object, text } from './schema-parts.ts'

/** `approvals`. */
export function approvalsSchema(): Schema {
  return object(
    {
      hold: duration('How long a call that needs approval is held; clients give up after a minute.', '45s'),
      hold_with_progress: duration(
        'The same for clients that are known to wait while they are told of progress.',
        '4m',
      ),
      progress_every: duration('How often they are told.', '10s'),
      denied_for: duration('For so long the same call gets the same no, and nobody is asked again.', '30m'),
      kept_for: duration(
        'For so long approvals that ended are shown, and compared with; after that only the log has them.',
        '90d',
      ),
      pending_max: count('Calls of everybody that may wait at once.', 10_000),
      pending_per_person_max: count('Calls of one person that may wait at once.', 100),
      second_factor: object(
        {
          amr: list(
            text('A value of amr (RFC 8176).'),
            'Any of these is enough. Default: mfa, otp, hwk, swk and what a body has.',
          ),
          acr: list(text('A value of acr.'), 'Any of these is enough.'),
        },
        { description: 'What of a token says that its person logged in with more than a password.' },
      ),
      acts_for: {
        type: 'object',
        additionalProperties: list(text('A subject or an e-mail address.'), 'Who is behind it.'),
        description:
          'Accounts of agents, by subject, and the people they act for: none of those may approve what the agent asks.',
      },
      login_max_age: duration(
        'How old a login may be whose groups count for a decision; after that people log in again.',
        '15m',
      ),
      reveal: list(
        text('A group of the policy.'),
        'Who of those that decide may see exact arguments. Default: all of them.',
      ),
      page: object(
        {
          issuer: text('One of identity.issuers: where people log in.'),
          client_id: text('The client that is registered there for this page.'),
          client_secret: {
            type: 'string',
            pattern: '^(\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}|file:.+)$',
            description: 'Where its secret stands: ${env:NAME} or file:PATH. Default: a public client without one.',
          },
          scopes: list(text('A scope.'), 'What is asked for. Default: openid, profile and email.'),
        },
        { required: ['issuer', 'client_id'], description: 'The page /approvals. Default: there is none.' },
      ),
      notify: notifySchema(),
    },
    { description: 'Calls that wait until other people agree.' },
  )
}

function count(description: string, value: number): Schema {
  return { type: 'integer', minimum: 1, maximum: 1_000_000, default: value, description }
}
