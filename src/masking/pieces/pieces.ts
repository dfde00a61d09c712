import { concat, decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import { stringifyJson } from '../../base/json.ts'
import { Document } from '../document.ts'
import type { Asked } from '../engine.ts'
import type { EntityId } from '../entities.ts'
import { redactedText } from '../replace/forms.ts'
import type { Structure } from '../structure/structure.ts'
import type { Token } from '../structure/tokens.ts'
import { type Edit, splice } from '../views/splice.ts'
import { type PiecesHidden, untouched } from './hidden.ts'
import { joinedParts, type Part } from './joined.ts'
import { mayBeNotice, noticeTexts } from './notices.ts'
import { Tails } from './tails.ts'

/** How many of the connection's own credentials a text holds. */
export type CountCredentials = (text: string) => number

/** The notifications of one stream: hides the rest of a value whose beginning came with an earlier one. */
export class Pieces {
  readonly #tails = new Tails()

  /** `bytes`: an event as it came. What a piece alone would show is left to whoever masks the message after this. */
  hide(bytes: Uint8Array, asked: Asked, credentialsIn: CountCredentials): PiecesHidden {
    if (!mayBeNotice(bytes)) return untouched(bytes)
    const document = new Document(bytes)
    const texts = noticeTexts(document)
    const { structure } = document
    if (texts.length === 0 || structure === undefined) return untouched(bytes)
    const hiding = new Hiding(asked)
    for (const { token, row } of texts) {
      const text = encodeUtf8(structure.text(token))
      const before = this.#tails.of(row)
      const joined = joinedParts(before, text, asked)
      if (joined === undefined) return { kind: 'refused', why: 'budget' }
      const whole = concat([before, text])
      this.#tails.keep(row, whole, joined.openFrom)
      if (before.length > 0 && holdsMore(whole, [before, text], credentialsIn)) hiding.hideAll(structure, token)
      else {
        const refused = hiding.hide({ structure, token, text }, joined.parts)
        if (refused !== undefined) return refused
      }
    }
    return hiding.done(bytes)
  }
}

/** Whether two texts hold more when they are one. */
function holdsMore(whole: Uint8Array, parts: readonly Uint8Array[], count: CountCredentials): boolean {
  const apart = parts.reduce((total, part) => total + count(decodeUtf8(part)), 0)
  return count(decodeUtf8(whole)) > apart
}

interface Leaf {
  readonly structure: Structure
  readonly token: Token
  /** Without escapes. */
  readonly text: Uint8Array
}

/** What is written in the place of pieces. There is no stand-in for a part of a value, so all are redacted. */
class Hiding {
  readonly #asked: Asked
  readonly #edits: Edit[] = []
  readonly #entities: EntityId[] = []
  #credentials = 0

  constructor(asked: Asked) {
    this.#asked = asked
  }

  hide({ structure, token, text }: Leaf, parts: readonly Part[]): PiecesHidden | undefined {
    const { rules, scanner } = this.#asked
    const hidden = parts.filter(({ entity }) => (rules.actions[entity] ?? 'redact') !== 'allow')
    if (hidden.length === 0) return undefined
    const blocked = hidden.find(({ entity }) => rules.actions[entity] === 'block')
    if (blocked !== undefined)
      return { kind: 'refused', why: 'policy-block', entity: scanner.entities[blocked.entity] ?? '' }
    const marks = hidden.map(({ entity, start, end }) => ({
      start,
      end,
      put: encodeUtf8(redactedText(scanner.entities[entity] ?? 'value')),
    }))
    this.#put(structure, token, decodeUtf8(splice(text, marks)))
    for (const { entity } of hidden) this.#entities.push(entity)
    return undefined
  }

  /** Where in the text a credential goes on is not known, and so nothing of it is shown. */
  hideAll(structure: Structure, token: Token): void {
    this.#put(structure, token, redactedText('credential'))
    this.#credentials += 1
  }

  done(bytes: Uint8Array): PiecesHidden {
    if (this.#edits.length === 0) return untouched(bytes)
    const edits = this.#edits.toSorted((a, b) => a.start - b.start)
    return { kind: 'ready', bytes: splice(bytes, edits), entities: this.#entities, credentials: this.#credentials }
  }

  /** A number stays a number. */
  #put(structure: Structure, token: Token, text: string): void {
    const put = encodeUtf8(structure.kind(token) === 'string' ? stringifyJson(text) : '0')
    this.#edits.push({ start: structure.start(token), end: structure.end(token), put })
  }
}
