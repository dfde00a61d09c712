import { SLACK_VOTES } from '../notify/slack-blocks.ts'
import type { Schema } from '../policy/check-shape.ts'
import { list, object, text } from './schema-parts.ts'

const SECRET = { type: 'string', pattern: '^(\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}|file:.+)$' } as const

/** Pointers to values that are secrets, or may be. */
export const NOTIFY_SECRETS = [
  '/approvals/notify/webhooks/*/url',
  '/approvals/notify/webhooks/*/secret',
  '/approvals/notify/webhooks/*/authorization',
  '/approvals/notify/slack/token',
  '/approvals/notify/slack/signing_secret',
  '/approvals/notify/email/server',
  '/approvals/notify/email/password',
  '/approvals/notify/pagerduty/services/*',
] as const

/** `approvals.notify`: who is told, and how. */
export function notifySchema(): Schema {
  return object(
    {
      detail: {
        enum: ['summary', 'full'],
        default: 'summary',
        description: 'What messages hold: full adds the arguments, masked.',
      },
      webhooks: named(webhook(), 'Receivers over HTTP, by name; a rule names one as webhook:NAME.'),
      slack: slack(),
      email: email(),
      pagerduty: pagerDuty(),
    },
    { description: 'Who is told of calls that wait, and how. Rules name receivers in approval.notify.' },
  )
}

function webhook(): Schema {
  return object(
    {
      url: text('Where it is: https, or http on this machine; or ${env:NAME} or file:PATH where the URL is a secret.'),
      secret: secret('Key of the signature (whsec_… of Standard Webhooks)'),
      authorization: secret('Value of the Authorization header'),
      body: {
        type: ['object', 'array'],
        description:
          'A JSON body of your own, with {{id}} and the like in its texts. Default: all fields, see docs/approvals.md.',
      },
    },
    { required: ['url'], description: 'One receiver. Without body it needs secret.' },
  )
}

function slack(): Schema {
  return object(
    {
      token: secret('The bot token of the Slack app'),
      channels: list(
        text('A channel, such as #approvals or C0123456789.'),
        'Channels; a rule names one as slack:CHANNEL.',
      ),
      votes: {
        enum: [...SLACK_VOTES],
        default: 'link_only',
        description: 'What a message is decided with: off, link_only, or buttons, which vote for those in users.',
      },
      signing_secret: secret('The signing secret of the Slack app; buttons need it'),
      users: named(
        object(
          {
            issuer: text('Their issuer, as in identity.issuers.'),
            subject: text('Their subject there.'),
          },
          { required: ['issuer', 'subject'], description: 'Who that is.' },
        ),
        'Who may decide with buttons, by member id in Slack (U…).',
      ),
      api: text('Base URL of the Web API.', { default: 'https://slack.com/api/' }),
    },
    { required: ['token', 'channels'], description: 'Messages in Slack.' },
  )
}

function email(): Schema {
  return object(
    {
      server: text('smtps://HOST:PORT, or smtp://HOST:PORT with STARTTLS. Without TLS only on this machine.'),
      ca: text('PEM file of the certificate authorities of the server. Default: those of the system.'),
      user: text('Who logs in at the server.'),
      password: secret('Their password'),
      from: text('Address that it comes from.'),
      to: named(list(text('An address.'), 'Who gets it.'), 'Receivers by name; a rule names one as email:NAME.'),
    },
    { required: ['server', 'from', 'to'], description: 'E-mail.' },
  )
}

function pagerDuty(): Schema {
  return object(
    {
      services: named(secret('Its integration key (Events API v2)'), 'Services; a rule names one as pagerduty:NAME.'),
      url: text('Where events go; https://events.eu.pagerduty.com/v2/enqueue for accounts in the EU.', {
        default: 'https://events.pagerduty.com/v2/enqueue',
      }),
    },
    { required: ['services'], description: 'Alerts in PagerDuty.' },
  )
}

function secret(what: string): Schema {
  return { ...SECRET, description: `${what}: \${env:NAME} or file:PATH, never the value itself.` }
}

function named(values: Schema, description: string): Schema {
  return { type: 'object', additionalProperties: values, propertyNames: { pattern: '^[A-Za-z0-9_.-]+$' }, description }
}
