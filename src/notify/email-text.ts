import { type Notice, shortTime } from './notice.ts'

type Row = readonly [label: string, value: string]

/** A message as plain text and as HTML without pictures, styles of others, or any link but the one to the page. */
export function emailText(notice: Notice): { readonly subject: string; readonly text: string; readonly html: string } {
  const rows = rowsOf(notice)
  const { title, link } = notice
  const end = endOf(notice)
  return {
    subject: `[Sallyport] ${title}`,
    text: [
      title,
      '',
      ...rows.map(([label, value]) => `${label}: ${value}`),
      '',
      end,
      link,
      '',
      'Following this link decides nothing.',
    ].join('\n'),
    html: [
      '<!doctype html><html><body>',
      `<h1>${html(title)}</h1>`,
      `<table>${rows.map(([label, value]) => `<tr><th align="left">${html(label)}</th><td>${html(value)}</td></tr>`).join('')}</table>`,
      `<p>${html(end)} <a href="${html(link)}">${html(link)}</a></p>`,
      '<p>Following this link decides nothing.</p>',
      '</body></html>',
    ].join('\n'),
  }
}

function endOf({ isOpen, isAlert }: Notice): string {
  if (isAlert) return 'See:'
  return isOpen ? 'Look and decide there, after you logged in:' : 'There is nothing to decide any more. See:'
}

function rowsOf(notice: Notice): readonly Row[] {
  const { requester, requesterEmail, actsFor, groups, agent, connection, method, tool, rules, needs, facts } = notice
  const { reason, message, why, decidedBy, expiresMs, isOpen, id, goodFor } = notice
  const rows: readonly Row[] = [
    ['Who', `${requester}${requesterEmail === '' ? '' : ` (${requesterEmail})`}`],
    ['For', actsFor.join(', ')],
    ['Groups', groups.join(', ')],
    ['Agent (says of itself)', agent],
    ['Connection', connection],
    ['Call', `${method} ${tool}`.trim()],
    ['What it would do', facts],
    ['Good for', goodFor],
    ['Reason (from whoever asks)', reason],
    ['What the rule says', message],
    ['Rule', rules.join(', ')],
    ['Needs', needs],
    ['Expires', isOpen ? shortTime(expiresMs) : ''],
    ['Decided by', decidedBy.join(', ')],
    ['Why', why],
    [
      'Arguments (masked)',
      notice.arguments === undefined ? '' : JSON.stringify(notice.arguments).slice(0, ARGUMENT_CHARS_MAX),
    ],
    ['Approval', id],
  ]
  return rows.filter(([, value]) => value !== '')
}

const ARGUMENT_CHARS_MAX = 20_000

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function html(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
