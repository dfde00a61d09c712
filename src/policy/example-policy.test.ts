import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loadRight } from '../../test/support/policy.ts'

it('the example policy loads, and all of its tests hold', () => {
  const text = readFileSync(new URL('../../test/vectors/example-policy.yaml', import.meta.url), 'utf8')
  const { tests, policy } = loadRight(text, {
    connections: [
      { name: 'prod-db', labels: { kind: 'postgres', env: 'prod', data: 'pii' } },
      { name: 'dev-db', labels: { kind: 'postgres', env: 'dev' } },
      { name: 'github', labels: { kind: 'saas' } },
      { name: 'prod-shell', labels: { kind: 'shell', env: 'prod' } },
    ],
  })
  expect(tests).toHaveLength(19)
  expect(tests.flatMap(({ mistake }) => mistake ?? [])).toEqual([])
  expect(policy.rules).toHaveLength(13)
})
