import { encodeUtf8 } from '../base/bytes.ts'
import { stringifyJson } from '../base/json.ts'
import type { Unmasked } from '../masking/masked.ts'
import type { PassageMasking } from '../masking/passage.ts'
import type { Terms } from '../masking/rule-set.ts'
import { toldOf } from '../masking/told.ts'
import type { About, Decision } from '../policy/decide.ts'
import type { MaskSide } from '../policy/rule.ts'
import type { Passage } from '../protocol/message.ts'
import type { Session } from '../session/session.ts'
import { answeredForms } from './forms.ts'
import { schemaOf } from './forward.ts'
import type { Place } from './gateway.ts'

/** What policy says of a passage. */
interface Judgement {
  readonly decision: Decision
  readonly about: About
}

/** Masking of one passage, with what the rules that matched it want hidden. */
export function maskingOf(passage: Passage, { decision, about }: Judgement, place: Place): PassageMasking {
  const { principal, connection, session } = place
  const asked = passage.kind === 'answer' ? session.asked.get(passage.id) : undefined
  // A task's result is the result of the tool that made it, and what a call asks for is answered to its tool.
  const tool = about.kind === 'tool' ? about.name : asked?.tool
  const results = termsOf(decision, 'results')
  return connection.masker.passage({
    principal: principal.id,
    client: principal.clientId ?? '',
    method: 'method' in passage ? passage.method : `(${passage.kind})`,
    tool,
    results: passage.kind === 'listen' ? [...results, ...resumedTerms(session)] : results,
    arguments: termsOf(decision, 'arguments'),
    isOpenWorld: isOpenWorld(tool, connection),
    digested: () => digestedOf(passage),
    outputSchema: tool === undefined ? undefined : connection.tools.outputSchemaOf(tool),
    inputSchema: passage.kind === 'request' ? schemaOf(passage, connection) : undefined,
    forms: answeredForms(passage, session),
    call: asked?.call?.deref() ?? passage,
  })
}

function isOpenWorld(tool: string | undefined, { tools }: Place['connection']): boolean {
  return tool !== undefined && tools.factsOf(tool)?.annotations['openWorldHint'] === true
}

/** What a retry of the same request repeats: its params but for what was asked and answered meanwhile (2026-07-28, MRTR). */
function digestedOf(passage: Passage): Uint8Array {
  if (passage.kind !== 'request' || passage.era !== 'modern') return NOTHING
  const { arguments: args, name, uri } = passage.params
  return encodeUtf8(stringifyJson([name ?? null, uri ?? null, args ?? null]))
}

const NOTHING = new Uint8Array(0)
const NONE: readonly Terms[] = []

/** What is denied comes back from nowhere, and is kept as the profile says. */
function termsOf(decision: Decision, side: MaskSide): readonly Terms[] {
  if (decision.kind === 'deny' || decision.obligations.masks.length === 0) return NONE
  return decision.obligations.masks.flatMap(({ terms }) => terms.filter((term) => (term.in ?? RESULTS).includes(side)))
}

const RESULTS: readonly MaskSide[] = ['results']

/** Replies of calls may come on a stream that is opened again: it hides what any of them had to. */
function resumedTerms({ streamed }: Session): Terms[] {
  return [...streamed.values()].flatMap(({ masks }) => masks)
}

/**
 * Asks the outside detector of the connection, where it has one, before a message is masked. It fails with the detector, and
 * with `client_gone` where `gone` says so: a question that nobody waits for keeps others waiting.
 */
export async function askAnalyzer(
  raw: Unmasked<Uint8Array>,
  masking: PassageMasking,
  { connection: { analyzer } }: Place,
  gone: AbortSignal | undefined,
): Promise<void> {
  if (analyzer === undefined) return
  const texts = masking.textsOf(raw)
  masking.tell(toldOf(texts, await Promise.all(texts.map((text) => analyzer.analyze(text, gone)))))
}

/** That the client of this exchange went away; undefined where nobody would be told. One for a whole stream. */
export function goneSignal({ connection, exchange }: Place): AbortSignal | undefined {
  if (connection.analyzer === undefined) return undefined
  const gone = new AbortController()
  exchange.onGone(() => gone.abort())
  return gone.signal
}
