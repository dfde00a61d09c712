import { expect, it } from 'vitest'
import { inspectHere } from './inspect-here.ts'

it('looks for secrets only where somebody asks, and once', () => {
  const asked: string[] = []
  const inspect = inspectHere(new Map(), (args, { connection, tool }) => {
    asked.push(`${connection} ${tool} ${args}`)
    return { secrets: asked.length, personal: [] }
  })
  const inspected = { ...inspect({ name: 'crm', labels: {} }, 'send', { to: 'ann' }) }
  expect(asked).toEqual([])
  expect([inspected.sensitive(), inspected.sensitive()]).toEqual([
    { secrets: 1, personal: [] },
    { secrets: 1, personal: [] },
  ])
  expect(asked).toEqual(['crm send {"to":"ann"}'])
})
