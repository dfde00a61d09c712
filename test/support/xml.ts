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
  for (const [, declaration, end, name = '', attributes = '', empty, text] of xml.matchAll(TOKEN)) {
    if (text !== undefined) unescape(text)
    else if (end !== undefined) {
      if (open.pop() !== end) throw new Error(`</${end}> closes nothing`)
    } else if (declaration === undefined) {
      found.push({ name, of: attributesOf(attributes), within: [...open] })
      if (empty === '') open.push(name)
    }
  }
  const covered = [...xml.matchAll(TOKEN)].reduce((sum, [token]) => sum + token.length, 0)
  if (covered !== xml.length || open.length > 0 || found[0]?.within.length !== 0) throw new Error('this is no XML')
  return found
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
