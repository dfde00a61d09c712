// How much of other people's labelled texts masking finds, scored as the README of the vectors says, and how much it finds
// where nothing is. A failure tells places in the lists, never texts. With MASKING_REPORT=1 the tables are printed.
import { describe, expect, it } from 'vitest'
import { Finder } from '../support/masking/finder.ts'
import { entityTable, secretTable } from '../support/masking/report.ts'
import {
  type EntityScore,
  meanRecall,
  precisionOf,
  recallOf,
  scoreEntities,
  scoreSecrets,
  scoreValidators,
  type SecretScore,
  shortfall,
  summed,
} from '../support/masking/score.ts'
import { gitleaks, presidio, secretlint, validators } from '../support/masking/vectors.ts'

const RECALL_OF_CHECKED_MIN = 0.97
const RECALL_MIN = 0.92
const PRECISION_MIN = 0.95
const PREFIX_MIN = 0.98
const GITLEAKS_MIN = 0.9
const SECRETLINT_MIN = 0.95
/** Kinds with fewer spans are summed up. */
const SPANS_MIN = 5

/** Kinds that check themselves. */
const CHECKED = new Set(
  `CREDIT_CARD CRYPTO IBAN_CODE US_NPI ABA_ROUTING_NUMBER MEDICAL_LICENSE UK_NHS CA_SIN AU_TFN AU_ABN AU_ACN AU_MEDICARE DE_TAX_ID
  DE_SOCIAL_SECURITY DE_HEALTH_INSURANCE DE_ID_CARD DE_PASSPORT DE_LANR ES_NIF ES_NIE IT_FISCAL_CODE IT_VAT_CODE PL_PESEL
  SE_PERSONNUMMER SE_ORGANISATIONSNUMMER FI_PERSONAL_IDENTITY_CODE TR_NATIONAL_ID ZA_ID_NUMBER IN_AADHAAR KR_RRN KR_FRN KR_BRN
  SG_UEN TH_TNIN NG_NIN PH_TIN`.split(/\s+/),
)

const finder = new Finder()
const entities = scoreEntities(presidio(), finder)
const ofGitleaks = scoreSecrets(gitleaks(), finder)
const ofSecretlint = scoreSecrets(secretlint(), finder)

if (process.env['MASKING_REPORT'] !== undefined) {
  const tables = [
    entityTable(entities, { wrong: true }),
    ...[ofGitleaks, ofSecretlint].map((scores) => secretTable(scores, { wrong: true })),
  ]
  process.stdout.write(`\n${tables.join('\n\n')}\n`)
}

describe('personal data that others have labelled', () => {
  it('is found where it checks itself, kind by kind', () => {
    const checked = entities.filter(({ entity }) => CHECKED.has(entity))
    const many = checked.filter(({ spans }) => spans >= SPANS_MIN)
    expect(many.filter((score) => recallOf(score) < RECALL_OF_CHECKED_MIN).map(line)).toEqual([])
    expect(recallOf(summed(checked.filter(({ spans }) => spans < SPANS_MIN)))).toBeGreaterThanOrEqual(
      RECALL_OF_CHECKED_MIN,
    )
  })

  it('is found, all kinds together', () => {
    expect(
      shortfall(recallOf(summed(entities)), RECALL_MIN, entities.filter(({ wrong }) => wrong.length > 0).map(line)),
    ).toEqual([])
  })

  it('is not found where it is not, all kinds together', () => {
    expect(
      shortfall(precisionOf(summed(entities)), PRECISION_MIN, entities.filter(({ hit }) => hit > 0).map(line)),
    ).toEqual([])
  })

  it('is told apart from numbers whose check fails', () => {
    // What the check of an Indian GSTIN is, its own samples ignore.
    const judged = scoreValidators(validators(), finder).filter(({ entity }) => entity !== 'IN_GSTIN')
    expect(judged.length).toBeGreaterThan(5)
    expect(judged.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  })
})

describe('secrets that others have labelled', () => {
  it('are found by the marks of their vendors', () => {
    const scores = ofGitleaks.filter(({ family }) => family === 'prefix')
    expect(shortfall(meanRecall(scores), PREFIX_MIN, missed(scores))).toEqual([])
  })

  it('are found by marks, by names near them and by structure', () => {
    expect(shortfall(meanRecall(ofGitleaks), GITLEAKS_MIN, missed(ofGitleaks))).toEqual([])
  })

  it('are found as far as a second tool finds them', () => {
    expect(shortfall(meanRecall(ofSecretlint), SECRETLINT_MIN, missed(ofSecretlint))).toEqual([])
  })

  it('and personal data are seldom found where none are', () => {
    // Values of sensitive keys are hidden whatever they look like, place-holders too: that is most of what is hit.
    const { found, hit } = summed(entities)
    const total = { found: found + count(ofSecretlint, 'found'), hit: hit + count(ofSecretlint, 'hit') }
    expect(shortfall(precisionOf(total), PRECISION_MIN, missed(ofSecretlint))).toEqual([])
  })
})

function count(scores: readonly SecretScore[], what: 'found' | 'hit'): number {
  return scores.reduce((total, score) => total + score[what], 0)
}

function line({ entity, spans, found, negatives, hit, wrong }: EntityScore): string {
  return `${entity}: ${found} of ${spans} found, ${hit} of ${negatives} hit: ${wrong.join(' ')}`
}

function missed(scores: readonly SecretScore[]): readonly string[] {
  return scores
    .filter(({ wrong }) => wrong.length > 0)
    .map(
      ({ rule, found, positives, hit, wrong }) =>
        `${rule}: ${found} of ${positives} found, ${hit} hit: ${wrong.join(' ')}`,
    )
}
