import { describe, expect, it } from 'vitest'
import { asker, loadRight } from '../../test/support/policy.ts'
import { decide } from './decide.ts'
import { visible } from './visible.ts'

const OPTIONS = { connections: [{ name: 'github', labels: { kind: 'saas' } }] }
const ALLOW = '- { id: allow, effect: allow, match: { connections: [github] } }'

describe('shadow mode', () => {
  const rules = `${ALLOW}
- { id: no, effect: deny, mode: shadow, match: { tools: [x] } }
- { id: hide, effect: mask, mode: shadow, match: { tools: [x] }, mask: [{ entities: [email], with: partial }] }
- { id: also, effect: allow, mode: shadow, match: { tools: [x] } }`

  it('of a rule: it is on record, and does nothing', () => {
    expect(decide(question(rules, 'x'))).toMatchObject({
      kind: 'allow',
      rule: 'allow',
      matched: ['allow'],
      shadowed: [
        { rule: 'no', effect: 'deny' },
        { rule: 'hide', effect: 'mask' },
        { rule: 'also', effect: 'allow' },
      ],
      obligations: { masks: [] },
    })
    const open = "- { id: only, effect: allow, mode: shadow, match: { connections: ['*'] } }"
    expect(decide(question(open, 'x'))).toMatchObject({ kind: 'deny', rule: 'default' })
  })

  it.each([
    ['allow', 'tools: [a]', undefined, 'allow'],
    ['a denial', 'tools: [d]', 'deny', 'no'],
    ['a missing rule', 'tools: [m]', 'deny', 'default'],
    ['an approval', 'tools: [q]', 'approve', 'ask'],
  ])('of the file: %s passes, and what would have been is on record', (_, match, would, rule) => {
    const file = `- { id: allow, effect: allow, match: { tools: [a, d, q] } }
- { id: no, effect: deny, match: { tools: [d] }, when: 'true' }
- { id: ask, effect: approve, match: { tools: [q] }, approval: { by: [{ group: dba }] } }`
    const about = /\[(.)\]/.exec(match)?.[1] ?? ''
    const asked = question(file, about, 'mode: shadow\n')
    expect(decide(asked)).toMatchObject({
      kind: 'allow',
      rule,
      would,
      obligations: { limits: [], masks: [], alerts: [] },
    })
    expect(visible(asked)).toBe(true)
  })

  it('with default: allow, what no rule allows would pass', () => {
    const asked = question('- { id: no, effect: deny, match: { tools: [d] } }', 'x', 'mode: shadow\ndefault: allow\n')
    expect(decide(asked)).toMatchObject({ kind: 'allow', rule: 'default', would: undefined })
  })
})

function question(rules: string, about: string, head = '') {
  const text = `version: 1\n${head}groups: { dba: [okta-dba] }\nrules:\n${rules}\n`
  return asker(loadRight(text, OPTIONS).policy, OPTIONS)({ on: 'github', about })
}
