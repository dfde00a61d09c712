// What masking a message costs where not one value is judged, named or replaced: each pass over its bytes that the search of
// what leaves needs. The rest of what `masking` measures is what is done for each value.
import { place } from '../src/masking/acts.ts'
import { Document } from '../src/masking/document.ts'
import { editsOf } from '../src/masking/edits.ts'
import type { Asked } from '../src/masking/engine.ts'
import { findAll } from '../src/masking/find/find-all.ts'
import { looksLikeOurs } from '../src/masking/find/ours.ts'
import { spread } from '../src/masking/spread.ts'
import { isStillJson } from '../src/masking/still-json.ts'
import { isStillReadable } from '../src/masking/still-readable.ts'
import { splice } from '../src/masking/views/splice.ts'
import { batchSize, cpuMs } from './cpu-time.ts'
import { readAndWrite } from './masking-messages.ts'
import { median } from './statistics.ts'

const ROUNDS = 9
/** Each round measures so long at least. */
const BATCH_MS = 30
const WARM_MS = 1_500

export interface PassCost {
  readonly pass: string
  /** Multiples of JSON.parse and JSON.stringify: the median over rounds of the ratio in one round. */
  readonly ratio: number
}

/** Passes over a message that has values, each alone. Throws where it has none. */
export function measurePasses(message: Uint8Array, asked: Asked): PassCost[] {
  const passes = passesOf(message, asked)
  const floor = batched(() => readAndWrite(message))
  const runs = Object.entries(passes).map(([pass, what]) => ({ pass, run: batched(what) }))
  const rounds = Array.from({ length: ROUNDS }, () => {
    const one = floor()
    return runs.map(({ run }) => run() / one)
  })
  return runs.map(({ pass }, i) => ({ pass, ratio: median(rounds.map((round) => round[i] ?? 0)) }))
}

function passesOf(message: Uint8Array, asked: Asked): Readonly<Record<string, () => unknown>> {
  const { scanner, rules } = asked
  const document = new Document(message, asked)
  const { structure } = document
  const found = findAll(document, asked, looksLikeOurs(message))
  if (structure === undefined || found.kind === 'refused') throw new Error('the message is not looked through')
  const acts = spread(document, place(document, found.findings, rules).acts, found.known)
  const edits = acts === undefined ? undefined : editsOf(document, acts, asked)
  if (acts === undefined || edits === undefined || edits.length === 0)
    throw new Error('nothing of the message is hidden')
  const out = splice(message, edits)
  return {
    'first look': () => scanner.machine.giveBack(scanner.machine.scan(message)),
    'read as JSON': () => new Document(message, asked).structure,
    splice: () => splice(message, edits),
    'still JSON': () => isStillJson(out, structure, edits),
    'nothing left': () => isStillReadable(out, document, { acts, known: [], edits }),
    'second look': () => scanner.machine.giveBack(scanner.machine.scan(out)),
  }
}

/** Milliseconds of one run, over as many as a batch has. */
function batched(what: () => unknown): () => number {
  const size = batchSize(what, BATCH_MS, WARM_MS)
  return () => cpuMs(what, size)
}
