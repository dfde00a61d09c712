// What masking finds of labelled texts, kind by kind:
//   node bench/masking-recall.ts [--wrong] [--quick] [--seed 1]
// No text is ever printed. `--wrong` tells the places of what was missed or wrongly found in the lists of vectors, `--quick`
// leaves out the forms that a value can take. At the end: what is hidden of values that are nobody's, made anew in every run.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { businessText } from '../test/support/masking/business-report.ts'
import { measureBusiness } from '../test/support/masking/business-measure.ts'
import { Finder } from '../test/support/masking/finder.ts'
import { lossesOfEntities, lossesOfSecrets } from '../test/support/masking/losses.ts'
import { entityTable, lossTable, secretTable, validatorTable } from '../test/support/masking/report.ts'
import { scoreEntities, scoreSecrets, scoreValidators } from '../test/support/masking/score.ts'
import { gitleaks, presidio, secretlint, validators } from '../test/support/masking/vectors.ts'

const BUSINESS_LEAVES = 100_000

const { values } = parseArgs({
  options: { wrong: { type: 'boolean' }, quick: { type: 'boolean' }, seed: { type: 'string' } },
})
const how = { wrong: values.wrong === true }
const finder = new Finder()

tell('Presidio, with a rule that names the kind', entityTable(scoreEntities(presidio(), finder), how))
tell('Check digits of Presidio', validatorTable(scoreValidators(validators(), finder), how))
tell('gitleaks, with the default profile', secretTable(scoreSecrets(gitleaks(), finder), how))
tell('secretlint, with the default profile', secretTable(scoreSecrets(secretlint(), finder), how))
if (values.quick !== true) {
  tell('Presidio in other forms', lossTable(lossesOfEntities(presidio(), finder), how))
  tell('gitleaks in other forms', lossTable(lossesOfSecrets(gitleaks(), finder), how))
  tell('secretlint in other forms', lossTable(lossesOfSecrets(secretlint(), finder), how))
}

const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
tell(
  `Values of businesses that are nobody's, with the default profile (seed ${seed})`,
  businessText(measureBusiness(seed, BUSINESS_LEAVES)),
)

function tell(title: string, text: string): void {
  console.log(`${title}\n\n${text}\n`)
}
