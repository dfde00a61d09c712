// Kubernetes Secrets: everything under `data` and `stringData` of a document of `kind: Secret` is a secret, whatever its key is
// called. YAML and JSON; the line ends may be escapes.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { NEWLINE_PATTERN } from '../keys/text-bytes.ts'
import { ALNUM, classAt } from './chars.ts'
import { isPlaceholder } from './random-look.ts'

type Bytes = View['bytes']

const SECRET = entityId('secret')
const SCORE = 0.9
/** How far from its kind the data of a document may stand, each way. */
const WINDOW_BYTES = 4_096
const VALUE_MIN = 4

export const KUBERNETES_DETECTOR: WordDetector = {
  words: ['kind: secret', 'kind:secret', 'kind":"secret', 'kind": "secret', 'kind\\":\\"secret', 'kind\\": \\"secret'],
  verify,
}

const QUOTE = String.raw`\\*["']`
/** `data:` and the indented lines below it. A run of backslashes is read from its begin alone, not again from each of them. */
const YAML_DATA = new RegExp(`(?:^|(?<!\\\\)${NEWLINE_PATTERN})( *)(?:data|stringData):[ ]*(?=${NEWLINE_PATTERN})`, 'g')
const YAML_LINE = new RegExp(
  `${NEWLINE_PATTERN}( *)[\\w.-]+:[ ]*(?:[|>]-?${NEWLINE_PATTERN} +)?(?:${QUOTE})?([^\\s"'\\\\|>]+)`,
  'y',
)
const JSON_DATA = new RegExp(`["'](?:data|stringData)${QUOTE}\\s*:\\s*\\{`, 'g')
const JSON_MEMBER = new RegExp(`(?:\\s|,|\\\\+n)*${QUOTE}[\\w./-]+${QUOTE}\\s*:\\s*${QUOTE}([^"'\\\\]+)${QUOTE}`, 'y')

function verify({ view: { bytes }, start, end, word }: Hit, sink: Sink): void {
  if (!sink.may(SECRET, SCORE) || (classAt(bytes, end) & ALNUM) !== 0) return
  const from = documentStart(bytes, start)
  const text = decodeLatin1(bytes, from, documentEnd(bytes, end))
  sink.spend(text.length)
  const spans = word < 2 ? yamlValues(text) : jsonValues(text)
  for (const [at, value] of spans) {
    if (value.length < VALUE_MIN || isPlaceholder(value)) continue
    const valueAt = from + at
    const to = valueAt + value.length
    sink.add({ entity: SECRET, start: valueAt, end: to, score: SCORE, by: 'structure', rule: 'kubernetes-secret-yaml' })
  }
}

/** Not beyond the kind of another document. */
function documentStart(bytes: Bytes, at: number): number {
  const before = decodeLatin1(bytes, Math.max(0, at - WINDOW_BYTES), at)
  return at - before.length + Math.max(before.lastIndexOf('---'), before.lastIndexOf('kind'), 0)
}

function documentEnd(bytes: Bytes, at: number): number {
  const after = decodeLatin1(bytes, at, at + WINDOW_BYTES)
  const ends = [after.indexOf('---'), after.indexOf('kind')].filter((end) => end >= 0)
  return at + Math.min(after.length, ...ends)
}

function* yamlValues(text: string): Generator<readonly [number, string]> {
  for (const data of text.matchAll(YAML_DATA)) {
    const indent = data[1]?.length ?? 0
    const line = new RegExp(YAML_LINE)
    line.lastIndex = data.index + data[0].length
    for (let found = line.exec(text); found !== null; found = line.exec(text)) {
      const [whole, spaces = '', value = ''] = found
      if (spaces.length <= indent) break
      yield [found.index + whole.length - value.length, value]
      line.lastIndex = afterQuote(text, line.lastIndex)
    }
  }
}

function afterQuote(text: string, at: number): number {
  const quote = new RegExp(`${QUOTE}| +`, 'y')
  quote.lastIndex = at
  return at + (quote.exec(text)?.[0].length ?? 0)
}

function* jsonValues(text: string): Generator<readonly [number, string]> {
  for (const data of text.matchAll(JSON_DATA)) {
    const member = new RegExp(JSON_MEMBER)
    member.lastIndex = data.index + data[0].length
    for (let found = member.exec(text); found !== null; found = member.exec(text)) {
      const [whole, value = ''] = found
      yield [found.index + whole.lastIndexOf(value), value]
    }
  }
}
