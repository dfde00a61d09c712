import { resolve } from 'node:path'
import type { JsonValue } from '../base/json.ts'
import { FIELD_NAMES } from '../notify/notice.ts'
import type { SlackVotes } from '../notify/slack-blocks.ts'
import { unknownFields } from '../notify/template.ts'
import { type Mistake, suggest } from '../policy/mistake.ts'
import type { Path } from '../policy/yaml-source.ts'
import type { SecretReference } from './config.ts'
import type { Environment, MainFile } from './main-file.ts'
import { type PagerDutyConfig, type PagerDutyEntry, readPagerDuty } from './read-pagerduty.ts'
import { type Reading, secretHere } from './secret-here.ts'
import { isPrivateUrl, isReference, LOOPBACK } from './trustworthy.ts'

/** `approvals.notify`. */
export interface NotifyConfig {
  readonly detail: 'summary' | 'full'
  readonly webhooks: readonly WebhookConfig[]
  readonly slack: SlackConfig | undefined
  readonly email: EmailConfig | undefined
  readonly pagerDuty: PagerDutyConfig | undefined
  /** Names by which rules name receivers. */
  readonly receivers: readonly string[]
}

export interface WebhookConfig {
  readonly name: string
  readonly url: string | SecretReference
  readonly secret: SecretReference | undefined
  readonly authorization: SecretReference | undefined
  readonly body: JsonValue | undefined
}

export interface SlackConfig {
  readonly api: string
  readonly token: SecretReference
  readonly signingSecret: SecretReference | undefined
  readonly channels: readonly string[]
  readonly votes: SlackVotes
  readonly users: Readonly<Record<string, { readonly issuer: string; readonly subject: string }>>
}

export interface EmailConfig {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly mustEncrypt: boolean
  readonly caFile: string | undefined
  readonly user: string | undefined
  readonly password: SecretReference | undefined
  readonly from: string
  readonly to: Readonly<Record<string, readonly string[]>>
}

export interface NotifyEntry {
  readonly detail?: 'summary' | 'full'
  readonly webhooks?: Readonly<Record<string, WebhookEntry>>
  readonly slack?: SlackEntry
  readonly email?: EmailEntry
  readonly pagerduty?: PagerDutyEntry
}

interface WebhookEntry {
  readonly url: string
  readonly secret?: string
  readonly authorization?: string
  readonly body?: JsonValue
}

interface SlackEntry {
  readonly token: string
  readonly channels: readonly string[]
  readonly votes?: SlackVotes
  readonly signing_secret?: string
  readonly users?: SlackConfig['users']
  readonly api?: string
}

interface EmailEntry {
  readonly server: string
  readonly ca?: string
  readonly user?: string
  readonly password?: string
  readonly from: string
  readonly to: EmailConfig['to']
}

const AT = ['approvals', 'notify'] as const

/** The schema has looked at the form of each value already; what they say together is looked at here. */
export function readNotify(main: MainFile, environment: Environment, mistakes: Mistake[]): NotifyConfig {
  const { detail = 'summary', webhooks = {}, slack, email, pagerduty } = main.entry.approvals?.notify ?? {}
  const reading = { main, environment, mistakes }
  return {
    detail,
    webhooks: Object.entries(webhooks).map(([name, entry]) => readWebhook(name, entry, reading)),
    slack: slack && readSlack(slack, reading),
    email: email && readEmail(email, reading),
    pagerDuty: pagerduty && readPagerDuty(pagerduty, reading),
    receivers: receiversOf(main.entry.approvals?.notify ?? {}),
  }
}

function receiversOf({ webhooks = {}, slack, email, pagerduty }: NotifyEntry): readonly string[] {
  return [
    ...Object.keys(webhooks).map((name) => `webhook:${name}`),
    ...(slack?.channels ?? []).map((channel) => `slack:${channel}`),
    ...Object.keys(email?.to ?? {}).map((name) => `email:${name}`),
    ...Object.keys(pagerduty?.services ?? {}).map((name) => `pagerduty:${name}`),
  ]
}

function readWebhook(
  name: string,
  { url, secret, authorization, body }: WebhookEntry,
  reading: Reading,
): WebhookConfig {
  const { main, mistakes } = reading
  const at = [...AT, 'webhooks', name]
  if (!isReference(url) && !isPrivateUrl(url))
    mistakes.push(
      main.document.atSecret([...at, 'url'], 'this must be an https URL', 'plain http only goes to this very machine'),
    )
  if (secret === undefined && body === undefined)
    mistakes.push(
      main.document.at(
        at,
        'a webhook needs secret, the key of its signature',
        'or a body, where the receiver checks none',
      ),
    )
  for (const { name: field, path } of unknownFields(body ?? null, FIELD_NAMES))
    mistakes.push(
      main.document.at([...at, 'body', ...path], `there is no field "${field}"`, suggest(field, FIELD_NAMES)),
    )
  return {
    name: `webhook:${name}`,
    url: isReference(url) ? secretHere(url, [...at, 'url'], reading) : url,
    secret: secret === undefined ? undefined : secretHere(secret, [...at, 'secret'], reading),
    authorization:
      authorization === undefined ? undefined : secretHere(authorization, [...at, 'authorization'], reading),
    body,
  }
}

function readSlack(entry: SlackEntry, reading: Reading): SlackConfig {
  const { token, channels, votes = 'link_only', signing_secret: signing, users = {}, api = SLACK_API } = entry
  checkSlack(entry, reading)
  const at = [...AT, 'slack']
  return {
    api: api.endsWith('/') ? api : `${api}/`,
    token: secretHere(token, [...at, 'token'], reading),
    signingSecret: signing === undefined ? undefined : secretHere(signing, [...at, 'signing_secret'], reading),
    channels,
    votes,
    users,
  }
}

function checkSlack(entry: SlackEntry, { main: { document, entry: file }, mistakes }: Reading): void {
  const { channels, votes, signing_secret: signing, users = {}, api = SLACK_API } = entry
  const at = [...AT, 'slack']
  if (!isPrivateUrl(api)) mistakes.push(document.at([...at, 'api'], 'this must be an https URL'))
  if (votes === 'buttons' && signing === undefined)
    mistakes.push(
      document.at(at, 'buttons need signing_secret', 'it stands on the page of the Slack app under Basic Information'),
    )
  for (const [i, channel] of channels.entries())
    if (!/^(?:#[^\s#]+|[CGD][A-Z0-9]{2,})$/.test(channel))
      mistakes.push(document.at([...at, 'channels', i], 'this is no channel', 'such as "#approvals" or C0123456789'))
  const issuers = file.identity.issuers.map(({ issuer }) => issuer)
  for (const [id, { issuer }] of Object.entries(users)) {
    if (issuers.includes(issuer)) continue
    const message = `no issuer "${issuer}" vouches for anybody here`
    mistakes.push(document.at([...at, 'users', id, 'issuer'], message, suggest(issuer, issuers)))
  }
}

const SLACK_API = 'https://slack.com/api/'

function readEmail(entry: EmailEntry, reading: Reading): EmailConfig {
  const { ca, user, password, from, to } = entry
  checkAddresses(entry, reading)
  return {
    ...readServer(entry.server, reading),
    caFile: ca === undefined ? undefined : resolve(reading.main.folder, ca),
    user,
    password: password === undefined ? undefined : secretHere(password, [...AT, 'email', 'password'], reading),
    from,
    to,
  }
}

function checkAddresses({ user, password, from, to }: EmailEntry, { main: { document }, mistakes }: Reading): void {
  const at = [...AT, 'email']
  if ((user === undefined) !== (password === undefined))
    mistakes.push(document.at(at, 'user and password belong together', 'give both or none'))
  const addresses: readonly (readonly [Path, string])[] = [
    [[...at, 'from'], from],
    ...Object.entries(to).flatMap(([name, list]) =>
      list.map((address, i): readonly [Path, string] => [[...at, 'to', name, i], address]),
    ),
  ]
  for (const [path, address] of addresses)
    if (!ADDRESS.test(address)) mistakes.push(document.at(path, 'this is no address', 'such as dba@example.com'))
}

function readServer(
  text: string,
  { main, mistakes }: Reading,
): Pick<EmailConfig, 'host' | 'port' | 'tls' | 'mustEncrypt'> {
  const url = serverUrl(text)
  if (url === undefined) {
    const hint = 'user and password stand in keys of their own'
    const message = 'this must be smtps://HOST:PORT or smtp://HOST:PORT'
    mistakes.push(main.document.atSecret([...AT, 'email', 'server'], message, hint))
    return { host: '', port: 0, tls: true, mustEncrypt: true }
  }
  const tls = url.protocol === 'smtps:'
  const { hostname: host, port } = url
  return {
    host: host.replaceAll(/[[\]]/g, ''),
    port: port === '' ? (tls ? SMTPS_PORT : SUBMISSION_PORT) : Number(port),
    tls,
    mustEncrypt: !LOOPBACK.has(host),
  }
}

const SMTPS_PORT = 465
const SUBMISSION_PORT = 587
const ADDRESS = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/

function serverUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  const isMail = url?.protocol === 'smtp:' || url?.protocol === 'smtps:'
  const isBare = url?.username === '' && url.password === '' && /^\/?$/.test(url.pathname) && url.search === ''
  return url !== null && isMail && isBare && url.hostname !== '' ? url : undefined
}
