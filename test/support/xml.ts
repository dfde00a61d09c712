/** An element, with its attributes as a parser would give them. */
export interface Element {
  readonly name: string
  readonly of: Readonly<Record<string, string>>
  /** Names of those around it. */
  readonly within: readonly string[]
}

/** Reads XML strictly, as far as our reports need it: elements in order. Throws where it is not well-formed. */
export function elementsOf(xml: string): Element[] {
  const found: Element[] = []
  const open: string[] = []
  for (const token of tokensOf(xml)) {
    const [, declaration, end, name, attributes = '', empty, text] = token
    if (text !== undefined) unescape(text)
    if (end !== undefined && open.pop() !== end) throw new Error(`</${end}> closes nothing`)
    if (declaration !== undefined || name === undefined) continue
    found.push({ name, of: attributesOf(attributes), within: [...open] })
    if (empty === '') open.push(name)
  }
  if (open.length > 0 || found.filter(({ within }) => within.length === 0).length !== 1)
    throw new Error('this has no single root that is closed')
  return found
}

function tokensOf(xml: string): RegExpExecArray[] {
  const tokens = [...xml.matchAll(TOKEN)]
  if (tokens.reduce((sum, [token]) => sum + token.length, 0) !== xml.length) throw new Error('this is no XML')
  return tokens
}

const NAME = '[A-Za-z_][\\w.-]*'
const TOKEN = new RegExp(`(<\\?xml [^?]*\\?>)|</(${NAME})>|<(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>|([^<]+)`, 'g')

function attributesOf(text: string): Record<string, string> {
  const all = [...text.matchAll(new RegExp(`(${NAME})="([^"<]*)"`, 'g'))]
  return Object.fromEntries(all.map(([, name = '', value = '']) => [name, unescape(value)]))
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescape(text: string): string {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error('no character of XML')
  return text.replaceAll(/&(\w*)(;?)/g, (_, name: string, end: string) => {
    const meant = ENTITIES[name]
    if (meant === undefined || end === '') throw new Error(`&${name} means nothing`)
    return meant
  })
}
