// What masking finds of labelled texts, kind by kind:
//   node bench/masking-recall.ts [--wrong] [--quick]
// No text is ever printed. `--wrong` tells the places of what was missed or wrongly found in the lists of vectors, `--quick`
// leaves out the forms that a value can take.
import { parseArgs } from 'node:util'
import { Finder } from '../test/support/masking/finder.ts'
import { lossesOfEntities, lossesOfSecrets } from '../test/support/masking/losses.ts'
import { entityTable, lossTable, secretTable } from '../test/support/masking/report.ts'
import { scoreEntities, scoreSecrets } from '../test/support/masking/score.ts'
import { gitleaks, presidio, secretlint } from '../test/support/masking/vectors.ts'

const { values } = parseArgs({ options: { wrong: { type: 'boolean' }, quick: { type: 'boolean' } } })
const how = { wrong: values.wrong === true }
const finder = new Finder()

tell('Presidio, with a rule that names the kind', entityTable(scoreEntities(presidio(), finder), how))
tell('gitleaks, with the default profile', secretTable(scoreSecrets(gitleaks(), finder), how))
tell('secretlint, with the default profile', secretTable(scoreSecrets(secretlint(), finder), how))
if (values.quick !== true) {
  tell('Presidio in other forms', lossTable(lossesOfEntities(presidio(), finder), how))
  tell('gitleaks in other forms', lossTable(lossesOfSecrets(gitleaks(), finder), how))
  tell('secretlint in other forms', lossTable(lossesOfSecrets(secretlint(), finder), how))
}

function tell(title: string, text: string): void {
  console.log(`${title}\n\n${text}\n`)
}
