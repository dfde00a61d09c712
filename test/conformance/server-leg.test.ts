// What passes the official suite direct passes through the gateway, scenario by scenario and check by check, in the same run.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { startProgram } from '../support/process.ts'
import type { Program } from '../support/process.ts'
import { startTokenFront } from '../support/token-front.ts'
import { runSuite, SUITE, SUITE_LATEST, total } from './suite.ts'
import type { SuiteResult } from './suite.ts'

/** What the fixture reaches without anything between: [checks passed, checks failed]. The failures are the tasks extension. */
const DIRECT = [
  { set: 'requirements of 2025-11-25', suite: SUITE, args: ['--requirements', '2025-11-25'], checks: [84, 0] },
  { set: 'requirements of 2026-07-28', suite: SUITE, args: ['--requirements', '2026-07-28'], checks: [164, 30] },
  { set: 'suite of 0.1.16, all', suite: SUITE_LATEST, args: ['--suite', 'all'], checks: [44, 0] },
] as const

/** Checks that the gateway answers by itself, so that they pass also before a server that fails them. */
const OWN = [
  ['server-tasks-capability-negotiation', 'sep-2663-tasks-methods-non-declaring'],
  ['server-tasks-dispatch-and-envelope', 'sep-2663-tasks-get-invalid-task-id-32602'],
] as const

const direct = new Map<string, SuiteResult>()
let fixture: Program
let fixtureUrl: string

beforeAll(async () => {
  fixture = await startProgram({ args: ['test/conformance/fixture.ts'] })
  fixtureUrl = String(fixture.ready['url'])
  for (const { set, suite, args } of DIRECT)
    direct.set(set, await runSuite(suite, ['server', '--url', fixtureUrl, ...args]))
}, 600_000)

afterAll(() => fixture.stop())

/** Runs a set through a front before `target`. */
async function runThrough(which: (typeof DIRECT)[number], target: string, token?: string): Promise<SuiteResult> {
  const front = await startTokenFront(target, token)
  try {
    return await runSuite(which.suite, ['server', '--url', front.url, ...which.args])
  } finally {
    await front.close()
  }
}

describe('the fixture, direct', () => {
  it.each(DIRECT)('passes every required scenario of the $set', ({ set, checks }) => {
    const result = direct.get(set)
    expect(result?.code).toBe(0)
    expect(result && total(result)).toEqual(checks)
  })
})

describe('the front that adds tokens', () => {
  it.each(DIRECT)('changes nothing of the $set', async (which) => {
    expect(await runThrough(which, fixtureUrl)).toEqual(direct.get(which.set))
  })
})

describe('through the gateway, everything allowed', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway({ connections: { fixture: { upstream: { http: { url: fixtureUrl } } } } })
  })
  afterAll(() => gateway?.stop())

  it.each(DIRECT)('the $set gives the same as direct, and what the gateway answers itself', async (which) => {
    const through = await runThrough(which, gateway.url('fixture'), await gateway.token('alice'))
    expect(through).toEqual(withOwn(direct.get(which.set)))
  })
})

/** The result of a server that would pass these checks too. */
function withOwn(result: SuiteResult | undefined): SuiteResult | undefined {
  if (result === undefined) return undefined
  const scenarios = { ...result.scenarios }
  for (const [name, check] of OWN) {
    const before = scenarios[name]
    if (before?.failed.includes(check) !== true) continue
    const failed = before.failed.filter((one) => one !== check)
    scenarios[name] = { ...before, failed, passed: before.passed + 1 }
  }
  return { ...result, scenarios }
}
