// What is shown was written by strangers: every piece of it becomes a text node, nothing is ever parsed as markup, and no
// address is loaded.

export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  Object.assign(element, props)
  element.append(...children)
  return element
}

// Controls and marks of direction are shown as what they are, so that no text can show another order than was sent.
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
const STAND_IN = /\bsur_[a-z_]+_[a-z0-9]{18}\b/
const PIECES = new RegExp(`(${UNSAFE.source}|${STAND_IN.source})`)

export function textOf(text) {
  return text.split(PIECES).map((piece) => {
    if (STAND_IN.test(piece))
      return make('mark', { textContent: piece, title: 'next place of this stand-in', className: 'stand-in' })
    if (piece.length !== 1 || !UNSAFE.test(piece)) return document.createTextNode(piece)
    return make('span', { className: 'unsafe', textContent: `\\u${piece.charCodeAt(0).toString(16).padStart(4, '0')}` })
  })
}

export function tree(value, name) {
  const label = name === undefined ? '' : `${name}: `
  if (typeof value !== 'object' || value === null)
    return make('div', {}, ...textOf(`${label}${typeof value === 'string' ? value : JSON.stringify(value)}`))
  const entries = Object.entries(value)
  if (entries.length === 0) return make('div', {}, ...textOf(`${label}${Array.isArray(value) ? '[]' : '{}'}`))
  const inner = make(
    'details',
    { open: true },
    make('summary', {}, ...textOf(`${label}${Array.isArray(value) ? `[${entries.length}]` : '{…}'}`)),
  )
  for (const [key, member] of entries) inner.append(tree(member, key))
  return inner
}

export function bodyOf(title, body) {
  const box = make(
    'div',
    {},
    make('h2', { textContent: body === undefined ? `${title}: none` : `${title}, ${body.bytes} bytes` }),
  )
  if (body === undefined) return box
  if (body.altered) box.append(make('p', { className: 'bad', textContent: 'ALTERED: this is not what was recorded' }))
  box.append(make('div', { className: 'tree' }, parsedOf(body)))
  return box
}

function parsedOf({ text, base64 }) {
  if (!base64) {
    try {
      return tree(JSON.parse(text))
    } catch {
      // No JSON: shown as the text that it is.
    }
  }
  return make('pre', {}, ...textOf(text))
}
