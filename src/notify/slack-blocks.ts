import type { JsonObject } from '../base/json.ts'
import { type Notice, shortTime } from './notice.ts'

export const SLACK_VOTES = ['off', 'link_only', 'buttons'] as const
/** What a message in Slack can be decided with: nothing, a link to the page, or buttons too. */
export type SlackVotes = (typeof SLACK_VOTES)[number]

/** What a button that was pressed is called; see `slack-interaction.ts`. */
export const SLACK_ACTIONS = { approve: 'sallyport_approve', deny: 'sallyport_deny', open: 'sallyport_open' } as const
export const SLACK_REASON = { block: 'sallyport_reason', action: 'reason' } as const

// Slack's limits; one character more and the whole message is refused.
const HEADER_CHARS_MAX = 150
const FIELD_CHARS_MAX = 2_000
const SECTION_CHARS_MAX = 3_000

/** The message: everything that somebody else wrote is plain text, in which Slack reads no links, mentions or formatting. */
export function slackMessage(notice: Notice, votes: SlackVotes): JsonObject {
  const { title, link, facts, goodFor, reason, why, message } = notice
  return {
    // For notifications of the system and screen readers.
    text: escaped(title),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plainText(title, HEADER_CHARS_MAX) },
      { type: 'section', fields: labelled(notice) },
      ...section('What it would do', facts),
      ...section('Good for', goodFor),
      ...section('Reason (from whoever asks)', reason),
      ...section('What the rule says', message),
      ...section('Why', why),
      ...section('Arguments (masked)', notice.arguments === undefined ? '' : JSON.stringify(notice.arguments)),
      ...deciding(notice, votes),
      { type: 'context', elements: [plainText(`${notice.id} · ${link}`, FIELD_CHARS_MAX)] },
    ],
  }
}

function labelled(notice: Notice): JsonObject[] {
  const { requester, requesterEmail, groups, actsFor, agent, connection, tool, method, needs, rules } = notice
  const { decidedBy, expiresMs, isOpen } = notice
  const rows: readonly (readonly [string, string])[] = [
    ['Who', `${requester}${requesterEmail === '' ? '' : ` (${requesterEmail})`}`],
    ['For', actsFor.join(', ')],
    ['Groups', groups.join(', ')],
    ['Agent (says of itself)', agent],
    ['Connection', connection],
    ['Call', `${method} ${tool}`.trim()],
    ['Rule', rules.join(', ')],
    ['Needs', needs],
    ['Expires', isOpen ? shortTime(expiresMs) : ''],
    ['Decided by', decidedBy.join(', ')],
  ]
  return rows
    .filter(([, value]) => value !== '')
    .map(([label, value]) => plainText(`${label}: ${value}`, FIELD_CHARS_MAX))
}

function section(label: string, text: string): JsonObject[] {
  return text === '' ? [] : [{ type: 'section', text: plainText(`${label}: ${text}`, SECTION_CHARS_MAX) }]
}

function deciding({ id, isOpen, link }: Notice, votes: SlackVotes): JsonObject[] {
  if (!isOpen || votes === 'off') return []
  const open = { ...button(SLACK_ACTIONS.open, 'Look and decide', id), url: link }
  if (votes === 'link_only') return [{ type: 'actions', elements: [open] }]
  return [
    {
      type: 'input',
      block_id: SLACK_REASON.block,
      optional: true,
      dispatch_action: false,
      label: plainText('Why (needed to deny)', FIELD_CHARS_MAX),
      element: { type: 'plain_text_input', action_id: SLACK_REASON.action, max_length: REASON_CHARS_MAX },
    },
    {
      type: 'actions',
      elements: [
        { ...button(SLACK_ACTIONS.approve, 'Approve', id), style: 'primary' },
        { ...button(SLACK_ACTIONS.deny, 'Deny', id), style: 'danger' },
        open,
      ],
    },
  ]
}

const REASON_CHARS_MAX = 2_000

function button(action: string, label: string, id: string): JsonObject {
  return { type: 'button', action_id: action, text: plainText(label, HEADER_CHARS_MAX), value: id }
}

function plainText(text: string, charsMax: number): JsonObject {
  const cut = text.length > charsMax ? `${text.slice(0, charsMax - 1)}…` : text
  return { type: 'plain_text', text: cut, emoji: false }
}

/** In the fallback text Slack reads `<!channel>` and `<https://…>`: these three characters are how it begins to. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
