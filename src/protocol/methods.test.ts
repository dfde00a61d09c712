import { describe, expect, it } from 'vitest'
import { asRevision, existsIn, handlingOf, HANDLING, isMethod, type Method, REVISIONS, targetOf } from './methods.ts'

const METHODS: readonly Method[] = Object.keys(HANDLING).filter(isMethod)

describe('the table of methods', () => {
  // Rows of protocol.md, 2.3, as counts: a method that slips in or out shows here.
  it.each([
    ['2024-11-05', { c2sRequests: 13, c2sNotifications: 4, s2cRequests: 3, s2cNotifications: 7 }],
    ['2025-03-26', { c2sRequests: 13, c2sNotifications: 4, s2cRequests: 3, s2cNotifications: 7 }],
    ['2025-06-18', { c2sRequests: 13, c2sNotifications: 4, s2cRequests: 4, s2cNotifications: 7 }],
    ['2025-11-25', { c2sRequests: 17, c2sNotifications: 5, s2cRequests: 8, s2cNotifications: 9 }],
    // Ten of the core and three of the tasks extension; eight notifications and one.
    ['2026-07-28', { c2sRequests: 13, c2sNotifications: 1, s2cRequests: 0, s2cNotifications: 9 }],
  ] as const)('has for %s what its schema has', (revision, counts) => {
    const count = (form: 'request' | 'notification', direction: 'c2s' | 's2c') =>
      METHODS.filter((method) => handlingOf(method).form === form && existsIn(method, revision, direction)).length
    expect({
      c2sRequests: count('request', 'c2s'),
      c2sNotifications: count('notification', 'c2s'),
      s2cRequests: count('request', 's2c'),
      s2cNotifications: count('notification', 's2c'),
    }).toEqual(counts)
  })
  it('knows what the modern era removed', () => {
    for (const method of [
      'initialize',
      'ping',
      'logging/setLevel',
      'resources/subscribe',
      'tasks/list',
      'tasks/result',
    ] as const)
      expect(existsIn(method, '2026-07-28', 'c2s')).toBe(false)
  })
  it('takes a method without a revision for a legacy one', () => {
    expect(existsIn('initialize', undefined, 'c2s')).toBe(true)
    expect(existsIn('server/discover', undefined, 'c2s')).toBe(false)
  })
  it('does not take names of Object.prototype for methods', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'tools/CALL', '']) expect(isMethod(name)).toBe(false)
  })
  it('speaks no version but its own', () => {
    expect(REVISIONS.map((revision) => asRevision(revision))).toEqual(REVISIONS)
    for (const text of ['2024-10-07', 'DRAFT-2026-v1', '', undefined]) expect(asRevision(text)).toBeUndefined()
  })
})

describe('the target of a method', () => {
  it.each([
    ['tools/call', { name: 'echo' }, 'echo'],
    ['resources/read', { uri: 'file:///a' }, 'file:///a'],
    ['tasks/cancel', { taskId: 't1' }, 't1'],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p', uri: 'not this' } }, 'p'],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'u', name: 'not this' } }, 'u'],
    ['tools/list', { name: 'echo' }, undefined],
    ['tools/call', { name: 7 }, undefined],
    ['completion/complete', { ref: 'p' }, undefined],
  ] as const)('of %s with %j is %j', (method, params, target) => {
    expect(targetOf(method, params)).toBe(target)
  })
})
