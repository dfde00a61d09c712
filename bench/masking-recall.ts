// What masking finds of labelled texts, kind by kind: `node bench/masking-recall.ts [--wrong]`. No text is ever printed; with
// `--wrong` the places of what was missed or wrongly found in the lists of vectors.
import { parseArgs } from 'node:util'
import { Finder } from '../test/support/masking/finder.ts'
import {
  type EntityScore,
  meanRecall,
  precisionOf,
  recallOf,
  scoreEntities,
  scoreSecrets,
  summed,
  withSurroundings,
} from '../test/support/masking/score.ts'
import { gitleaks, presidio, secretlint } from '../test/support/masking/vectors.ts'

const { values } = parseArgs({ options: { wrong: { type: 'boolean' } } })
const finder = new Finder()
const isWrongShown = values.wrong === true

const entities = scoreEntities(presidio(), finder)
console.log(printedEntities(entities))
