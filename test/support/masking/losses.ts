import { entitiesOf } from '../../../src/masking/replace/entity-groups.ts'
import { type Disguised, DISGUISES } from './disguises.ts'
import { type Finder, isCovered } from './finder.ts'
import { type EntityVector, type SecretVector, type Span, spansToFind } from './vectors.ts'

/** Of values that are found in their plain text, how many are lost in one form. */
export interface Loss {
  readonly form: string
  tried: number
  lost: number
  /** Which: `entity index`. */
  readonly which: string[]
}

export interface Known {
  readonly label: string
  readonly text: string
  readonly span: Span
  readonly name: string
  readonly isFound: (disguised: Disguised) => boolean
}

export function lossesOfEntities(vectors: readonly EntityVector[], finder: Finder): Loss[] {
  return losses(
    vectors.flatMap((vector, index) =>
      spansToFind(vector).map((span) => ({
        label: `${vector.entity} ${index}`,
        text: vector.text,
        span,
        name: entitiesOf(vector.entity)?.[0] ?? '',
        isFound: (one) => isCovered(one.text, one.span, finder.entity(one.text, vector.entity)),
      })),
    ),
  )
}

export function lossesOfSecrets(vectors: readonly SecretVector[], finder: Finder): Loss[] {
  return losses(
    vectors.flatMap(({ rule, text, spans, positive }, index) =>
      positive
        ? spans.map((span) => ({
            label: `${rule} ${index}`,
            text,
            span,
            name: 'api_key',
            isFound: (one: Disguised) => isCovered(one.text, one.span, finder.secrets(one.text)),
          }))
        : [],
    ),
  )
}

export function losses(values: readonly Known[]): Loss[] {
  const plain = values.filter((value) => value.isFound(value))
  return Object.entries(DISGUISES).map(([form, disguise]) => {
    const loss: Loss = { form, tried: 0, lost: 0, which: [] }
    for (const value of plain) {
      const disguised = disguise(value)
      if (disguised === undefined) continue
      loss.tried++
      if (value.isFound(disguised)) continue
      loss.lost++
      loss.which.push(value.label)
    }
    return loss
  })
}
