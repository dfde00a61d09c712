// One text in the forms that it takes in messages: whatever is found in it plain is to be found in each of them.
import { Buffer } from 'node:buffer'
import type { Span } from './vectors.ts'

export interface Disguised {
  readonly text: string
  /** Where the span of the plain text is. */
  readonly span: Span
}

/** A text with the place of a value in it; `name` says of what kind the value is, as a key would. */
export interface Plain {
  readonly text: string
  readonly span: Span
  readonly name: string
}

/** Undefined where a form does not exist for a value: a number for one with letters. */
export type Disguise = (plain: Plain) => Disguised | undefined

export const DISGUISES: Readonly<Record<string, Disguise>> = {
  'JSON string': (plain) => written(plain, { each: escaped, around: ['{"t":"', '"}'] }),
  'JSON in JSON': (plain) =>
    written(plain, { each: times(2), around: [`{"content":[{"text":"${escaped('{"t":"')}`, `${escaped('"}')}"}]}`] }),
  'JSON in JSON in JSON': (plain) =>
    written(plain, {
      each: times(3),
      around: [`{"a":"${times(1)('{"b":"')}${times(2)('{"t":"')}`, `${times(2)('"}')}${times(1)('"}')}"}`],
    }),
  'JSON in JSON, three texts down': (plain) =>
    written(plain, {
      each: times(4),
      around: [
        `{"a":"${times(1)('{"b":"')}${times(2)('{"c":"')}${times(3)('{"t":"')}`,
        `${times(3)('"}')}${times(2)('"}')}${times(1)('"}')}"}`,
      ],
    }),
  'JSON escapes': (plain) => written(plain, { each: unicodeEscaped, around: ['{"t":"', '"}'] }),
  'percent signs': (plain) => written(plain, { each: percentEncoded, around: ['', ''] }),
  'percent signs in JSON': (plain) =>
    written(plain, { each: percentEncoded, around: ['{"url":"https://example.com/x?q=', '"}'] }),
  'character references': (plain) => written(plain, { each: referenced, around: ['<p>', '</p>'] }),
  base64: inBase64,
  'table of Markdown': ({ text, span, name }) =>
    cell(text, span, (value) =>
      value.includes('|') || isManyLines(value) ? undefined : [`| n | ${name} |\n|---|---|\n| 1 | `, value, ' |\n'],
    ),
  'table of commas': ({ text, span, name }) =>
    cell(text, span, (value) =>
      /[",]/.test(value) || isManyLines(value) ? undefined : [`n,${name},state\n1,`, value, ',open\n'],
    ),
  'table of psql': ({ text, span, name }) =>
    cell(text, span, (value) =>
      value.includes('|') || isManyLines(value)
        ? undefined
        : [` id | ${name} \n----+${'-'.repeat(name.length + 2)}\n  1 | `, value, '\n(1 row)\n'],
    ),
  'table of MySQL': ({ text, span, name }) => {
    const line = `+----+${'-'.repeat(name.length + 2)}+\n`
    return cell(text, span, (value) =>
      value.includes('|') || isManyLines(value)
        ? undefined
        : [`${line}| id | ${name} |\n${line}|  1 | `, value, ` |\n${line}`],
    )
  },
  'column of Markdown': ({ text, span, name }) =>
    cell(text, span, (value) =>
      value.includes('|') || isManyLines(value) ? undefined : [`| ${name} |\n|---|\n| `, value, ' |\n'],
    ),
  'column of psql': ({ text, span, name }) =>
    cell(text, span, (value) =>
      value.includes('|') || isManyLines(value)
        ? undefined
        : [` ${name} \n${'-'.repeat(name.length + 2)}\n `, value, '\n(1 row)\n'],
    ),
  'column of MySQL': ({ text, span, name }) => {
    const line = `+${'-'.repeat(name.length + 2)}+\n`
    return cell(text, span, (value) =>
      value.includes('|') || isManyLines(value) ? undefined : [`${line}| ${name} |\n${line}| `, value, ` |\n${line}`],
    )
  },
  'value beside its name': ({ text, span, name }) =>
    // A postcode beside its name is part of an address, and as such another kind.
    cell(text, span, (value) =>
      name.endsWith('postcode') ? undefined : [`[{"name":"${name.toUpperCase()}","value":"`, escaped(value), '"}]'],
    ),
  'value of a key': ({ text, span, name }) => cell(text, span, (value) => [`{"n":1,"${name}":"`, escaped(value), '"}']),
  'value of a key in a text': ({ text, span, name }) =>
    cell(text, span, (value) => [`{"text":"${escaped(`{"${name}":"`)}`, times(2)(value), `${escaped('"}')}"}`]),
  number: ({ text, span, name }) =>
    cell(text, span, (value) => (/^[1-9]\d*$/.test(value) ? [`{"${name}":`, value, '}'] : undefined)),
  'number in lines of JSON': ({ text, span, name }) =>
    // A postcode under its name is part of an address, and as such another kind.
    cell(text, span, (value) =>
      /^[1-9]\d*$/.test(value) && !name.endsWith('postcode') ? [`{"n":1}\n{"${name}":`, value, '}\n'] : undefined,
    ),
  'number in JSON behind words in a text': ({ text, span, name }) =>
    cell(text, span, (value) =>
      /^[1-9]\d*$/.test(value) ? [`{"text":"Found: ${escaped(`{"${name}": `)}`, value, '}."}'] : undefined,
    ),
  'number in JSON in a block of Markdown': ({ text, span, name }) =>
    cell(text, span, (value) =>
      /^[1-9]\d*$/.test(value)
        ? [`{"text":"${escaped(`\`\`\`json\n{\n  "${name}": `)}`, value, `${escaped('\n}\n```')}"}`]
        : undefined,
    ),
  'zero-width space': (plain) =>
    changed(plain, (value) => {
      const half = value.length >> 1
      return `${value.slice(0, half)}\u200b${value.slice(half)}`
    }),
  'full width': (plain) =>
    changed(plain, (value) =>
      value.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
    ),
}

interface Writing {
  readonly each: (character: string) => string
  readonly around: readonly [before: string, after: string]
}

function written({ text, span }: Plain, { each, around: [before, after] }: Writing): Disguised {
  const [start, end] = core(text, span)
  const lead = before + each(text.slice(0, start))
  const value = each(text.slice(start, end))
  return { text: lead + value + each(text.slice(end)) + after, span: [lead.length, lead.length + value.length] }
}

/** Without signs at its ends: they need not be found, and written as escapes they have letters. */
function core(text: string, [start, end]: Span): Span {
  const value = text.slice(start, end)
  const first = Math.max(0, value.search(LETTER))
  const last = value.length - Math.max(0, Array.from(value).toReversed().join('').search(LETTER))
  return [start + first, start + last]
}

const LETTER = /[\p{L}\p{N}]/u

function changed({ text, span: [start, end] }: Plain, change: (value: string) => string): Disguised {
  const value = change(text.slice(start, end))
  return { text: text.slice(0, start) + value + text.slice(end), span: [start, start + value.length] }
}

type Parts = readonly [before: string, value: string, after: string]

function cell(text: string, [start, end]: Span, write: (value: string) => Parts | undefined): Disguised | undefined {
  const parts = write(text.slice(start, end))
  if (parts === undefined) return undefined
  const [before, value, after] = parts
  return { text: before + value + after, span: [before.length, before.length + value.length] }
}

/** Below so many bytes a row of letters is taken for a word, not for base64. */
const BASE64_BYTES_MIN = 30

function inBase64({ text }: Plain): Disguised {
  const filled = text.padEnd(Math.max(text.length, BASE64_BYTES_MIN), ' ')
  const encoded = Buffer.from(filled, 'utf8').toString('base64')
  return { text: encoded, span: [0, encoded.length] }
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function times(count: number): (text: string) => string {
  return (text) => Array.from({ length: count }).reduce<string>(escaped, text)
}

function unicodeEscaped(text: string): string {
  return Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join(
    '',
  )
}

function referenced(text: string): string {
  return Array.from(text, (character) => `&#${character.codePointAt(0)};`).join('')
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text)
}

function isManyLines(text: string): boolean {
  return text.includes('\n')
}
