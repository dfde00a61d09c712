// A value is found in whatever form a message carries it: in JSON of JSON, escaped, in a table, as a number, in other letters.
import { describe, expect, it } from 'vitest'
import { DISGUISES } from '../support/masking/disguises.ts'
import { Finder } from '../support/masking/finder.ts'
import { type Loss, lossesOfEntities, lossesOfSecrets } from '../support/masking/losses.ts'
import { shortfall } from '../support/masking/score.ts'
import { gitleaks, presidio, secretlint, type SecretVector } from '../support/masking/vectors.ts'

/** Of values that are found plain, at most this share may be lost in another form. */
const LOST_SHARE_MAX = 1 / 200
/** A rule's vectors are mostly one secret in a dozen styles. */
const EACH_NTH = 5

const finder = new Finder()
const losses = [
  ...lossesOfEntities(presidio(), finder),
  ...lossesOfSecrets(sampled(gitleaks()), finder),
  ...lossesOfSecrets(secretlint(), finder),
]

describe('values that are found in plain text', () => {
  it.each(Object.keys(DISGUISES))('are found as well in this form: %s', (form) => {
    const ofForm = losses.filter((loss) => loss.form === form)
    const { tried, lost } = total(ofForm)
    expect(tried).toBeGreaterThan(0)
    expect(
      shortfall(
        1 - lost / tried,
        1 - LOST_SHARE_MAX,
        ofForm.flatMap(({ which }) => which),
      ),
    ).toEqual([])
  })
})

function total(some: readonly Loss[]): { tried: number; lost: number } {
  return some.reduce((all, { tried, lost }) => ({ tried: all.tried + tried, lost: all.lost + lost }), {
    tried: 0,
    lost: 0,
  })
}

/** One in so many, others in each rule. */
function sampled(vectors: readonly SecretVector[]): readonly SecretVector[] {
  return vectors.filter((_, index) => index % EACH_NTH === 0)
}
