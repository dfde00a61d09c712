// What becomes of a value that was found. Whatever stands in for it is a pure function of the value, the rules and the book
// of the scope, needs no escaping where it stands, and is found by no detector again.

/** From the mildest to the strictest. `allow`: the value passes and is counted. `block`: the whole message is refused. */
export const ACTIONS = ['allow', 'partial', 'surrogate', 'hash', 'redact', 'block'] as const

export type Action = (typeof ACTIONS)[number]

export function isAction(text: string): text is Action {
  return ACTIONS.some((action) => action === text)
}

/** Where several rules speak of one value, this is what happens to it. */
export function strictest(a: Action, b: Action): Action {
  return ACTIONS.indexOf(a) >= ACTIONS.indexOf(b) ? a : b
}
