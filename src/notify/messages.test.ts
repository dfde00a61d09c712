import { describe, expect, it } from 'vitest'
import { type Approval, approvalId, type ShownCall } from '../approval/approval.ts'
import { type Delivery, type Step, stepOf } from '../approval/delivery.ts'
import { newAsk } from '../../test/support/new-ask.ts'
import { emailText } from './email-text.ts'
import { factsText } from './facts-text.ts'
import { FIELD_NAMES, fieldsOf, type Notice, noticeOf } from './notice.ts'
import { slackMessage, type SlackVotes } from './slack-blocks.ts'
import { fill, unknownFields } from './template.ts'

const ID = approvalId(new Uint8Array(8))

const hide = (text: string): string => text.replaceAll('hush', '[SECRET]')

function notice(
  more: Partial<Approval & ShownCall> = {},
  terms: { detail?: 'summary' | 'full'; step?: Step } = {},
): Notice {
  const { exact: _, ...ask } = newAsk()
  const approval: Approval & ShownCall = {
    ...ask,
    id: ID,
    state: 'pending',
    asks: 1,
    uses: 0,
    askedMs: 0,
    decidedMs: undefined,
    usableUntilMs: undefined,
    endedMs: undefined,
    why: undefined,
    votes: [],
    ...more,
  }
  const { step = 'requested', detail = 'summary' } = terms
  const delivery: Delivery = {
    n: 1,
    approval: ID,
    step,
    receiver: 'a',
    atMs: 0,
    state: 'waiting',
    tries: 0,
    endedMs: undefined,
    why: undefined,
  }
  return noticeOf(approval, delivery, { link: `https://mcp.example.com/approvals/${ID}`, hide, detail })
}

const WORLD = ['off', 'link_only', 'buttons'] as const satisfies readonly SlackVotes[]
const everything = (of: Notice): string =>
  JSON.stringify([fieldsOf(of), emailText(of), WORLD.map((votes) => slackMessage(of, votes))])

describe('a message about an approval', () => {
  it('holds no argument, unless the configuration says so', () => {
    const shown = '{"sql":"PLANTED"}'
    // Facts may hold values where a condition looks at them; only words of ours are told.
    const facts =
      '{"claims":{"x":"PLANTED"},"shell":{"parsed":true,"programs":["rm"],"commands":[{"args":["PLANTED"]}]}}'
    expect(everything(notice({ shown, facts }))).not.toContain('PLANTED')
    expect(everything(notice({ shown, facts }))).toContain('shell: rm')
    expect(everything(notice({ shown }, { detail: 'full' }))).toContain('PLANTED')
  })

  it('hides in what people wrote what is hidden everywhere', () => {
    const of = notice({ reason: 'the key is hush', why: 'hush' })
    expect(everything(of)).not.toContain('hush')
    expect(of.reason).toBe('the key is [SECRET]')
  })

  it('has each text on one line, without what cannot be seen, and cut', () => {
    const { reason, requester } = notice({
      reason: `a\r\nBcc: x@example.com\u202e\u200b${'b'.repeat(5_000)}`,
      requester: { ...newAsk().requester, name: 'Mallory\u0000\nApproved by Bob' },
    })
    expect(reason).toMatch(/^a Bcc: x@example\.com b+…$/)
    expect(reason.length).toBeLessThan(1_100)
    expect(requester).toBe('Mallory Approved by Bob')
  })

  it('has no way to decide once it is decided', () => {
    const of = notice({ state: 'denied' }, { step: 'denied' })
    expect(JSON.stringify(slackMessage(of, 'buttons'))).not.toContain('actions')
    expect(emailText(of).text).toContain('There is nothing to decide any more.')
  })

  it('says what a yes lets run: of access, more than the call it is about', () => {
    expect(everything(notice())).toContain('this call, once')
    const access = everything(notice({ scope: 1_800_000 }))
    const words = 'every call on db that these rules are about, for 30m, and no longer than their session'
    expect(access.split(words)).toHaveLength(1 + 1 + 2 + WORLD.length)
  })

  it('has every field that a template may name', () => {
    expect(Object.keys(fieldsOf(notice())).toSorted()).toEqual([...FIELD_NAMES].toSorted())
  })
})

describe('an e-mail', () => {
  it('is HTML in which nothing of others is markup', () => {
    const { html } = emailText(notice({ reason: '<img src=x onerror=1> & "quoted"', target: '<b>' }))
    expect(html).toContain('&lt;img src=x onerror=1&gt; &amp; &quot;quoted&quot;')
    expect(html).not.toMatch(/<(?:img|b)\b/)
    expect(html.match(/href=/g)?.length).toBe(1)
  })
})

describe('a message in Slack', () => {
  it('stays below the limits of Slack, whatever is asked', () => {
    const long = 'x'.repeat(100_000)
    const { requester } = newAsk()
    const of = notice(
      {
        reason: long,
        target: long,
        message: long,
        shown: JSON.stringify({ long }),
        requester: { ...requester, name: long, groups: Array.from({ length: 100 }, () => long) },
      },
      { detail: 'full' },
    )
    const { blocks } = slackMessage(of, 'buttons') as unknown as {
      blocks: { type: string; text?: { text: string }; fields?: { text: string }[] }[]
    }
    expect(blocks.length).toBeLessThanOrEqual(50)
    for (const { type, text, fields = [] } of blocks) {
      expect(text?.text.length ?? 0).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000)
      expect(fields.length).toBeLessThanOrEqual(10)
      for (const field of fields) expect(field.text.length).toBeLessThanOrEqual(2_000)
    }
  })

  it('has the buttons that the configuration wants, and a mention nowhere', () => {
    const texts = WORLD.map((votes) => JSON.stringify(slackMessage(notice({ target: '<!channel>' }), votes)))
    expect(texts.map((text) => text.includes('"url":'))).toEqual([false, true, true])
    expect(texts.map((text) => text.includes('sallyport_approve'))).toEqual([false, false, true])
    for (const text of texts) {
      expect(text).not.toContain('mrkdwn')
      expect(text).toMatch(/"text":"Approval wanted: Alice – db &lt;!channel&gt;"/)
    }
  })
})

describe('a template', () => {
  it('cannot be left by what a field holds, and one field alone is its value', () => {
    const fields = { id: 'a"},{"evil":1', rules: ['x', 'y'], none: null, title: '{{id}}' }
    const template = { a: 'id {{id}}', b: '{{ rules }}', c: ['{{rules}}!', '{{none}}', 7, null], d: '{{title}}' }
    expect(JSON.parse(JSON.stringify(fill(template, fields)))).toEqual({
      a: 'id a"},{"evil":1',
      b: ['x', 'y'],
      c: ['x, y!', null, 7, null],
      d: '{{id}}',
    })
  })

  it('is searched for names that nobody knows', () => {
    expect(unknownFields({ a: ['{{id}} {{ idd }}'], b: { c: '{{}}' } }, ['id'])).toEqual([
      { name: 'idd', path: ['a', 0] },
      { name: '', path: ['b', 'c'] },
    ])
  })
})

describe('facts in a line', () => {
  it.each([
    [{}, ''],
    [
      { sql: { parsed: true, verbs: ['write'], tables_written: ['users'], where: 'none' } },
      'sql: write, writes users, WHERE none',
    ],
    [{ sql: { parsed: false } }, 'sql: could not be read'],
    [{ sql: { cut: true } }, 'sql: could not be read'],
    [{ shell: { parsed: true, programs: ['rm'], verbs: ['delete'], sudo: true } }, 'shell: rm, does delete, with sudo'],
    [{ http: { parsed: true, method: 'POST', host: 'example.com' } }, 'http: POST example.com'],
    [
      { mongo: { parsed: true, op: 'deleteMany', collection: 'users', empty_filter: true } },
      'mongo: deleteMany users, no filter',
    ],
    [{ k8s: { parsed: true, verb: 'delete', resource: 'pods', all: true } }, 'k8s: delete pods, all'],
    [{ cloud: { parsed: true, provider: 'aws', service: 's3', action: 'rb' } }, 'cloud: aws s3 rb'],
  ])('%j is %j', (facts, text) => {
    expect(factsText(facts)).toBe(text)
  })
})

describe('a step', () => {
  const event = { approval: ID, atMs: 0, state: 'pending' } as const

  it('is told once there is a reason, where there has to be one', () => {
    const asked = { ...event, kind: 'approval.requested' } as const
    expect(stepOf(asked, { reasonRequired: false })).toBe('requested')
    expect(stepOf(asked, { reasonRequired: true })).toBeUndefined()
    expect(stepOf({ ...asked, reason: ' ' }, { reasonRequired: true })).toBeUndefined()
    expect(stepOf({ ...asked, reason: 'x' }, { reasonRequired: true })).toBe('requested')
  })

  it.each(['approval.vote', 'approval.claimed', 'approval.lapsed'] as const)('is not %s', (kind) => {
    expect(stepOf({ ...event, kind }, { reasonRequired: false })).toBeUndefined()
  })
})
