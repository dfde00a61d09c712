import { describe, expect, it } from 'vitest'
import type { Mistake } from '../policy/mistake.ts'
import { readYaml } from '../policy/yaml-source.ts'
import type { MainFile } from './main-file.ts'
import { readNotify } from './read-notify.ts'

const ISSUER = 'https://login.example.com'
const SECRET = 'secret: "${env:KEY}"'

describe('who is told of approvals', () => {
  it('has names by which rules name them, and defaults', () => {
    const { notify, mistakes } = read(`
      webhooks:
        desk: { url: https://desk.example.com/hook, ${SECRET} }
        chat: { url: file:hook, body: { text: '{{title}}' } }
      slack: { token: file:/run/slack, channels: ['#approvals'] }
      email: { server: smtp://mail.example.com, from: a@example.com, to: { dba: [b@example.com] } }
      pagerduty: { services: { oncall: file:/run/pager } }`)
    expect(mistakes).toEqual([])
    const names = ['webhook:desk', 'webhook:chat', 'slack:#approvals', 'email:dba', 'pagerduty:oncall']
    expect(notify.receivers).toEqual(names)
    expect(notify.pagerDuty).toMatchObject({
      url: 'https://events.pagerduty.com/v2/enqueue',
      services: { oncall: { kind: 'file', path: '/run/pager' } },
    })
    expect(notify.detail).toBe('summary')
    expect(notify.webhooks).toMatchObject([
      { url: 'https://desk.example.com/hook', secret: { kind: 'env', name: 'KEY' } },
      { url: { kind: 'file', path: '/etc/gw/hook' }, secret: undefined },
    ])
    expect(notify.slack).toMatchObject({ api: 'https://slack.com/api/', votes: 'link_only' })
    expect(notify.email).toMatchObject({ host: 'mail.example.com', port: 587, tls: false, mustEncrypt: true })
  })

  it('may be a mail server without TLS on this machine only', () => {
    const to = 'from: a@example.com, to: { dba: [b@example.com] }'
    expect(read(`email: { server: smtp://127.0.0.1:2525, ${to} }`).notify.email).toMatchObject({ mustEncrypt: false })
    expect(read(`email: { server: smtps://mail.example.com, ${to} }`).notify.email).toMatchObject({
      tls: true,
      port: 465,
    })
  })

  it.each([
    [`webhooks: { a: { url: http://desk.example.com, ${SECRET} } }`, 'this must be an https URL'],
    [`webhooks: { a: { url: https://user:pass@desk.example.com, ${SECRET} } }`, 'this must be an https URL'],
    ['webhooks: { a: { url: https://desk.example.com } }', 'a webhook needs secret, the key of its signature'],
    ['webhooks: { a: { url: https://desk.example.com, secret: "${env:NONE}" } }', 'the environment has no NONE'],
    ['webhooks: { a: { url: https://desk.example.com, body: { a: ["{{titel}}"] } } }', 'there is no field "titel"'],
    ['slack: { token: file:t, channels: ["#a"], votes: buttons }', 'buttons need signing_secret'],
    ['slack: { token: file:t, channels: [approvals] }', 'this is no channel'],
    ['pagerduty: { services: { a: file:k }, url: http://events.example.com }', 'this must be an https URL'],
    ['pagerduty: { services: { a: "${env:NONE}" } }', 'the environment has no NONE'],
    ['slack: { token: file:t, channels: ["#a"], api: http://slack.example.com }', 'this must be an https URL'],
    [
      'slack: { token: file:t, channels: ["#a"], users: { U1: { issuer: https://other.example.com, subject: bob } } }',
      'no issuer "https://other.example.com" vouches for anybody here',
    ],
    [
      'email: { server: mail.example.com, from: a@example.com, to: {} }',
      'this must be smtps://HOST:PORT or smtp://HOST:PORT',
    ],
    [
      'email: { server: "smtps://u:p@mail.example.com", from: a@example.com, to: {} }',
      'this must be smtps://HOST:PORT or smtp://HOST:PORT',
    ],
    ['email: { server: smtps://m.example.com, user: u, from: a@b.c, to: {} }', 'user and password belong together'],
    ['email: { server: smtps://m.example.com, from: "a@b.c\\r\\nBcc: x@y.z", to: {} }', 'this is no address'],
    ['email: { server: smtps://m.example.com, from: a@b.c, to: { dba: [bob] } }', 'this is no address'],
  ])('%s is a mistake', (text, says) => {
    const { mistakes } = read(text)
    expect(mistakes.map(({ message }) => message)).toEqual([says])
  })

  it('is a mistake without showing a URL that may be a secret', () => {
    const { mistakes } = read(`webhooks: { a: { url: http://desk.example.com/T0P-SECRET, ${SECRET} } }`)
    expect(JSON.stringify(mistakes)).not.toContain('T0P-SECRET')
  })
})

function read(text: string) {
  const source = `identity: { issuers: [{ issuer: ${ISSUER} }] }\napprovals:\n  notify:\n${text.replaceAll(/^(?=.)/gm, '    ')}`
  const { documents } = readYaml(source, 'sallyport.yaml')
  const [document] = documents
  if (document === undefined) throw new Error('there is no document')
  const mistakes: Mistake[] = []
  const main = { document, entry: document.value, folder: '/etc/gw' } as unknown as MainFile
  return { notify: readNotify(main, { KEY: 'x' }, mistakes), mistakes }
}
