import type { About, Denied, NeedsApproval } from './decide.ts'
import { DEFAULT_RULE } from './rule.ts'

/** Whatever a caller sent as a name is shown cut to this. */
const NAME_SHOWN_CHARS = 120

/** What a refused caller reads, in the agent's own window: what was refused, by which rule, and whom to ask. */
export function refusalText(decision: Denied | NeedsApproval, about: About, connection: string): string {
  const what = `${subject(about)} connection "${connection}"`
  return [whyOf(decision, what), decision.message, whomToAsk(decision), 'Nothing was sent to the server.']
    .filter(Boolean)
    .join(' ')
}

function whyOf({ kind, rule }: Denied | NeedsApproval, what: string): string {
  if (kind === 'approve')
    return `Refused: by rule "${rule}" this use of ${what} needs approval, and nobody can be asked for this.`
  if (rule === DEFAULT_RULE) return `Refused: no rule of the policy lets you use ${what} (rule "${DEFAULT_RULE}").`
  return `Refused by rule "${rule}": you may not use ${what}.`
}

function whomToAsk(decision: Denied | NeedsApproval): string {
  if (decision.kind === 'approve') return ''
  const { groupsThatMay, rule } = decision
  const others = rule === DEFAULT_RULE ? 'If you need it, ask whoever keeps the policy of this gateway.' : ''
  if (groupsThatMay.length === 0) return others
  const names = groupsThatMay.map((name) => `"${name}"`)
  return `Members of ${names.length === 1 ? 'the group' : 'these groups'} ${names.join(', ')} may: ask one of them, or ask to join.`
}

function subject(about: About): string {
  switch (about.kind) {
    case 'tool':
      return `the tool ${shown(about.name)} on`
    case 'prompt':
      return `the prompt ${shown(about.name)} on`
    case 'resource':
      return `the resource ${shown(about.uri)} on`
    case 'connection':
      return 'the'
  }
}

/** In quotes and on one line, whatever is in it: the text is read by people and by models. */
function shown(name: string): string {
  const cut = name.length > NAME_SHOWN_CHARS ? `${name.slice(0, NAME_SHOWN_CHARS)}…` : name
  return JSON.stringify(cut.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD'))
}
