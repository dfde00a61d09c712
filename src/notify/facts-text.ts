import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'

/**
 * What a call would do, in a line: `UPDATE users, WHERE ok`. Of the facts only members from this list are told, each a word of
 * ours or a name of a thing; whatever else a policy looked at may be a value of the arguments.
 */
export function factsText(facts: JsonValue): string {
  if (!isObject(facts)) return ''
  return Object.entries(TOLD)
    .flatMap(([kind, told]) => {
      const of = facts[kind]
      return isObject(of) ? [`${kind}: ${of['parsed'] === true ? told(of) : 'could not be read'}`] : []
    })
    .join('; ')
}

const TOLD: Readonly<Record<string, (facts: JsonObject) => string>> = {
  sql: (of) =>
    line(
      words(of['verbs']),
      part('writes', of['tables_written']),
      part('reads', of['tables_read']),
      typeof of['where'] === 'string' ? `WHERE ${of['where']}` : '',
      part('flags', of['flags']),
    ),
  shell: (of) =>
    line(
      words(of['programs']),
      part('does', of['verbs']),
      of['sudo'] === true ? 'with sudo' : '',
      part('hosts', of['hosts']),
      part('flags', of['flags']),
    ),
  http: (of) => line(words([of['method'], of['host']]), of['private_address'] === true ? 'private address' : ''),
  mongo: (of) => line(words([of['op'], of['db'], of['collection']]), of['empty_filter'] === true ? 'no filter' : ''),
  k8s: (of) => line(words([of['verb'], of['resource'], of['namespace']]), of['all'] === true ? 'all' : ''),
  cloud: (of) => line(words([of['provider'], of['service'], of['action']]), part('flags', of['flags'])),
}

function line(...parts: readonly string[]): string {
  const said = parts.filter((text) => text !== '')
  return said.length === 0 ? 'read' : said.join(', ')
}

function part(name: string, value: JsonValue | undefined): string {
  const said = words(value)
  return said === '' ? '' : `${name} ${said}`
}

function words(value: JsonValue | undefined | readonly (JsonValue | undefined)[]): string {
  if (!Array.isArray(value)) return ''
  const texts = value.filter((one): one is string => typeof one === 'string' && one !== '')
  const more = texts.length > NAMES_MAX ? ` and ${texts.length - NAMES_MAX} more` : ''
  return `${texts.slice(0, NAMES_MAX).join(' ')}${more}`
}

const NAMES_MAX = 8
