import type { JsonObject } from '../base/json.ts'
import type { AnsweredForm } from './answered-forms.ts'
import type { RefusedWhy } from './evidence.ts'
import type { Dispatch, Hide, Masked, Unmasked } from './masked.ts'
import type { Terms } from './rule-set.ts'
import type { Sensitive } from './sensitive.ts'
import type { RestoreFault } from './surrogates/restore.ts'
import type { Told } from './told.ts'

/** Masking of one connection, for whoever carries messages over it. */
export interface ConnectionMasker {
  /** Masking of one passage: by whom, under what the policy obliges to. */
  passage(about: PassageAbout): PassageMasking
  /** A short text of a message that a record tells of, such as a URI, with everything redacted that the profile hides. */
  label(text: string): string
  /** The same for a list that stands in a record beside the messages, as a JSON text; undefined where nothing of it may be kept. */
  recorded(list: string): string | undefined
  /** Kinds of secrets in what a server says of a tool, given as a JSON text. They are left there: it would be another tool. */
  secretsIn(definition: string): readonly string[]
  /** Whether what stands under such a name is hidden, whatever it is. */
  isSensitiveName(name: string): boolean
  /** What kinds of values stand in the arguments of a call, given as a JSON text; undefined where looking would cost too much. */
  sensitiveIn(args: string, tool: string | undefined): Sensitive | undefined
}

export interface PassageAbout {
  readonly principal: string
  readonly client: string
  readonly method: string
  /** Name of the tool, where it is a call of one, or the answer to a form that such a call asked for. */
  readonly tool: string | undefined
  /** What policy says is hidden in what comes back. */
  readonly results: readonly Terms[]
  /** What policy says is hidden or stopped in what goes out. */
  readonly arguments: readonly Terms[]
  /** The tool reaches beyond its server, as it says itself: nothing turns back for it without a person's yes. */
  readonly isOpenWorld: boolean
  /** Name and arguments of the request as it came, for what a server must get back with the same request. */
  readonly digested: () => Uint8Array
  /** JSON Schema of the tool's structured result, as it was last listed. */
  readonly outputSchema: JsonObject | undefined
  /** JSON Schema of what the tool takes, where it is called and was listed. */
  readonly inputSchema: JsonObject | undefined
  /** Forms that it answers, as far as they are known. */
  readonly forms: readonly AnsweredForm[]
  /** The request itself, or the one that asked what this answers: what turned back is hidden in its reply. */
  readonly call: object
}

export interface PassageMasking {
  /** What the server says, as the client may see it and as it is kept. */
  readonly results: Hide
  /** What the client said, as it is kept. Nothing comes back from its stand-ins. */
  readonly record: Hide
  /**
   * What is kept of an answer that the client sees like this: all of it but of definitions. Those leave as they came, and on
   * record their values are hidden.
   */
  kept(shown: Masked<Uint8Array>): Masked<Uint8Array>
  /** What is kept of a message of the server that nobody gets. */
  keptAlone(dropped: Masked<Uint8Array>): Masked<Uint8Array>
  /** Texts of a message that an outside detector has to be asked about before it is masked; none where it is not meant to. */
  textsOf(raw: Unmasked<Uint8Array>): readonly string[]
  /** What that detector found in the message which is masked next. */
  tell(told: readonly Told[]): void
  /** What the rules want hidden in what comes back, for a reply that comes another way. */
  readonly terms: readonly Terms[]
  /** Looks at a whole message of the client before anything of it is decided to go out. */
  outbound(bytes: Uint8Array): Outbound
}

/** What may go out, and how it does. */
export interface Sendable {
  readonly kind: 'pass'
  readonly body: Dispatch
  /** Stand-ins that turned back into values, by id. */
  readonly restored: readonly string[]
}

/** `why`: for the record; `text`: for the client, the same words whether a stand-in is unknown, foreign or too old. */
export type Outbound =
  | Sendable
  | {
      readonly kind: 'refused'
      readonly why: RefusedWhy
      /** What is wrong with a stand-in: for the record, and never for the client. */
      readonly fault?: RestoreFault | undefined
      readonly text: string
      readonly isParams: boolean
    }
