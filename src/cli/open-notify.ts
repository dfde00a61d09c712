import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Delivery } from '../approval/delivery.ts'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import type { Config } from '../config/config.ts'
import type { EmailConfig, NotifyConfig, SlackConfig, WebhookConfig } from '../config/read-notify.ts'
import type { PagerDutyConfig } from '../config/read-pagerduty.ts'
import { isPrivateUrl } from '../config/trustworthy.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { email } from '../notify/email.ts'
import { emergencyNoticeOf, type Notice, noticeOf } from '../notify/notice.ts'
import { Outbox } from '../notify/outbox.ts'
import { pagerDuty } from '../notify/pagerduty.ts'
import type { Receiver } from '../notify/receiver.ts'
import { slack, type SlackApi, slackCall } from '../notify/slack.ts'
import { mapTexts } from '../notify/template.ts'
import { webhook, webhookKey } from '../notify/webhook.ts'
import type { ControlDatabase } from '../store/sqlite/control.ts'
import { SqliteDeliveryRows } from '../store/sqlite/delivery-rows.ts'
import type { RowMac } from '../store/sqlite/row-mac.ts'
import { SqliteSlackRequests } from '../store/sqlite/slack-requests.ts'
import type { ApiPart } from './api.ts'
import type { OperatorLog } from './operator-log.ts'
import { secretOf } from './secret-of.ts'
import { SLACK_PATH, slackApi } from './slack-api.ts'

export interface NotifyParts {
  readonly config: Config['approvals']
  readonly control: ControlDatabase
  readonly gateway: Gateway
  readonly mac: RowMac
  readonly log: OperatorLog
}

export interface Notify {
  /** Where others tell the gateway what was pressed. */
  readonly parts: readonly ApiPart[]
  /** Begins to tell. Whoever disposes of the result ends it. */
  start(): AsyncDisposable
}

const LOOK_MS = 500

/** Who is told of approvals. Throws `config_invalid` where a secret that is named is not there. */
export function openNotify(parts: NotifyParts): Notify {
  const { config, control, gateway, mac, log } = parts
  const { notify } = config
  const outbox = new Outbox({
    rows: new SqliteDeliveryRows(control, mac),
    receivers: receiversOf(notify),
    approval: (id) => gateway.approvals.desk.get(id),
    notice: (delivery) => noticeFor(delivery, parts),
    nowMs: () => clock.nowMs(),
    random: () => randomInt(RANDOM_MAX) / RANDOM_MAX,
    warn: (what, detail) => log.warn(what, detail),
  })
  return {
    parts: notify.slack?.signingSecret === undefined ? [] : [slackPart(notify.slack, parts)],
    start() {
      let ended = false
      const look = (): void => {
        try {
          if (!ended && outbox.tick()) setImmediate(look)
        } catch (failure) {
          log.warn('nobody could be told of approvals', { why: String(failure) })
        }
      }
      const timer = setInterval(look, LOOK_MS).unref()
      return {
        [Symbol.asyncDispose]: async () => {
          ended = true
          clearInterval(timer)
          await outbox[Symbol.asyncDispose]()
        },
      }
    },
  }
}

const RANDOM_MAX = 1_000_000

function noticeFor(delivery: Delivery, { config, gateway }: NotifyParts): Notice | undefined {
  const { desk, breakGlass } = gateway.approvals
  const approval = desk.get(delivery.approval)
  if (approval !== undefined) {
    const at = gateway.connection(approval.connection)
    const hide = (text: string): string => at?.masker.label(text) ?? text
    const link = `${gateway.baseUrl()}/approvals/${approval.id}`
    return noticeOf({ ...approval, ...desk.shown(approval.id) }, delivery, { link, hide, detail: config.notify.detail })
  }
  const emergency = breakGlass.get(delivery.approval)
  const policy = gateway.policy().shortVersion
  // What people wrote was masked before it was stored.
  const terms = { link: `${gateway.baseUrl()}/approvals`, hide: (text: string) => text, policy }
  return emergency && emergencyNoticeOf(emergency, delivery, terms)
}

function receiversOf({
  webhooks,
  slack: inSlack,
  email: byMail,
  pagerDuty: onCall,
}: NotifyConfig): readonly Receiver[] {
  return [
    ...webhooks.map(toWebhook),
    ...(inSlack === undefined ? [] : toSlack(inSlack)),
    ...(byMail === undefined ? [] : toEmail(byMail)),
    ...(onCall === undefined ? [] : toPagerDuty(onCall)),
  ]
}

function toWebhook({ name, url, secret, authorization, body }: WebhookConfig): Receiver {
  const key = secret && webhookKey(secretOf(secret, `the secret of ${name}`))
  if (secret !== undefined && key === undefined)
    throw new GatewayError(
      'config_invalid',
      `The secret of ${name} is not 24 to 64 bytes in base64. Make one with: echo whsec_$(openssl rand -base64 32)`,
    )
  return webhook({
    name,
    url: typeof url === 'string' ? url : secretUrl(secretOf(url, `the URL of ${name}`), name),
    key,
    authorization: authorization && secretOf(authorization, `the authorization of ${name}`),
    template: body && withSecrets(body, name),
    nowMs: () => clock.nowMs(),
  })
}

/** A text that is `${env:NAME}` and nothing else, for receivers that want their key in the body. */
function withSecrets(body: JsonValue, receiver: string): JsonValue {
  return mapTexts(body, (text) => {
    const name = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1]
    return name === undefined ? text : secretOf({ kind: 'env', name }, `a value in the body of ${receiver}`)
  })
}

function secretUrl(text: string, name: string): string {
  if (isPrivateUrl(text)) return text
  throw new GatewayError('config_invalid', `The URL of ${name} is not https, nor on this machine.`)
}

function toSlack({ api, token, channels, votes }: SlackConfig): readonly Receiver[] {
  const secret = secretOf(token, 'the bot token of Slack')
  return channels.map((channel) => slack({ name: `slack:${channel}`, channel, votes, url: api, token: secret }))
}

function toEmail({ host, port, tls, mustEncrypt, caFile, user, password, from, to }: EmailConfig): readonly Receiver[] {
  const login =
    user === undefined || password === undefined
      ? undefined
      : { user, password: secretOf(password, 'the password of the mail server') }
  const server = { host, port, tls, mustEncrypt, ca: caFile === undefined ? undefined : readCa(caFile), login }
  return Object.entries(to).map(([name, addresses]) => email({ name: `email:${name}`, server, from, to: addresses }))
}

function toPagerDuty({ url, services }: PagerDutyConfig): readonly Receiver[] {
  return Object.entries(services).map(([service, key]) => {
    const name = `pagerduty:${service}`
    return pagerDuty({ name, url, routingKey: secretOf(key, `the integration key of ${name}`) })
  })
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('config_invalid', `${file}, the authorities of the mail server, cannot be read.`, { cause })
  }
}

function slackPart(slackConfig: SlackConfig, { config, gateway, control, log }: NotifyParts): ApiPart {
  const { api: url, token, signingSecret, votes, users } = slackConfig
  if (signingSecret === undefined) throw new TypeError('nobody can tell what is from Slack without its secret')
  const requests = new SqliteSlackRequests(control)
  const api = { url, token: secretOf(token, 'the bot token of Slack') }
  const answer = slackApi({
    deciding: { gateway, ...config },
    signingSecret: secretOf(signingSecret, 'the signing secret of Slack'),
    buttons: votes === 'buttons',
    users,
    isNew: (signature, times) => requests.isNew(signature, times),
    whisper: (to, text) => {
      void whisper(api, { ...to, text }, log)
    },
  })
  return { path: SLACK_PATH, answer }
}

/** It is in time now or of no use: nobody tries again. */
async function whisper(api: SlackApi, message: JsonObject, log: OperatorLog): Promise<void> {
  const said = await slackCall(api, 'chat.postEphemeral', message, new AbortController().signal)
  if (said.kind === 'failed') log.warn('somebody who pressed a button in Slack got no answer', { why: said.why })
}
