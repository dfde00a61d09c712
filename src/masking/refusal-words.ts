import type { MaskResult } from './engine.ts'
import type { RefusedWhy } from './evidence.ts'

type Refused = Extract<MaskResult, { kind: 'refused' }>

/** The same words whatever is wrong with a stand-in, so that nobody learns whether it means something elsewhere. */
export const SURROGATE_TEXT =
  'This call holds a stand-in of a masked value that cannot be used here. It turns back into its value only for who got it, on the connection it came from, while it is fresh, as the whole of an argument, or of a field of a form, that is set up for it, or in the URI of a resource of that server. Ask for the data again, or leave it out.'

/** That it is ours, and why it is there, is no secret: it says so itself. */
export const REDACTED_TEXT =
  'This URI holds a value that was hidden for good, such as a password, and that is not given back: the resource cannot be read by it through this gateway. Nothing was sent to the server.'

/** What a client reads where a reply was held back. Never the value, and nothing that says where it stood. */
export function blockedText({ why, entity }: Refused): string {
  if (why === 'policy-block' && entity === undefined) return `The reply was withheld: ${UNREAD}. Ask for it as text.`
  if (why === 'policy-block')
    return `The reply was withheld: it holds ${nameOf(entity)}, which a rule does not let through. Ask for less, or for other fields.`
  return `The reply was withheld: ${REASONS[why]}.`
}

/** What a client reads where its call did not go out; `connection` is undefined where it is only tried. */
export function heldBackText({ why, entity }: Refused, connection: string | undefined): string {
  if (why === 'policy-block' && entity === undefined)
    return `This call did not go out: ${UNREAD}. Nothing was sent to the server.`
  const server = connection === undefined ? 'the server' : `"${connection}"`
  if (why === 'policy-block')
    return `This call holds ${nameOf(entity)}, which must not go to ${server}. Nothing was sent to the server. Leave it out, or name it without its value.`
  if (why === 'schema-impossible')
    return `This call holds a value that must not go to ${server} as it is, and the tool's input schema, or the form, leaves no room for anything else. Nothing was sent to the server.`
  return `This call could not be checked for secrets: ${REASONS[why]}. Nothing was sent to the server.`
}

/** `binary: block` of a connection. */
const UNREAD =
  'it holds content that cannot be searched, such as a picture, a PDF or an archive, and the connection lets none through'

function nameOf(entity: string | undefined): string {
  return entity === undefined || entity === '' ? 'a value' : `a value of the kind ${entity}`
}

const REASONS: Readonly<Record<RefusedWhy, string>> = {
  budget: 'it takes too long to search for what must not leave',
  'too-deep': 'it is nested too deep to be searched for what must not leave',
  malformed: 'it cannot be read safely',
  'left-over': 'something that must not leave could not be hidden everywhere',
  'schema-impossible': "a value must be hidden, and the tool's output schema leaves no room for anything else",
  'no-stand-in': 'a value must be hidden, and nothing can stand in its place',
  'store-failed': 'stand-ins of its values could not be stored',
  'policy-block': 'a rule does not let it through',
  'surrogate-unknown': 'it holds a stand-in that cannot be used here',
}
