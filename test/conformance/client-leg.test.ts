// The other side of the suite: its servers watch what a client sends. Through the gateway they see the same.
// Scenarios named auth/* are left out: there the suite's server is the protected resource and the client's token is for it,
// while here the gateway is the protected resource and the client's token ends at it.
import { describe, expect, it } from 'vitest'
import { runSuite, SUITE } from './suite.ts'

const NODE = 'node_modules/.bin/node'
/** A gateway starts for every scenario; a loaded machine needs its time for that. */
const SCENARIO_MS = 90_000

const SCENARIOS = [
  ['2025-11-25', 'initialize'],
  ['2025-11-25', 'tools_call'],
  ['2025-11-25', 'elicitation-sep1034-client-defaults'],
  ['2025-11-25', 'sse-retry'],
  ['2025-11-25', 'json-schema-2020-12-preservation'],
  ['2026-07-28', 'tools_call'],
  ['2026-07-28', 'request-metadata'],
  ['2026-07-28', 'sep-2322-client-request-state'],
  ['2026-07-28', 'http-standard-headers'],
  ['2026-07-28', 'http-custom-headers'],
  ['2026-07-28', 'http-invalid-tool-headers'],
  ['2026-07-28', 'json-schema-ref-no-deref'],
  ['2026-07-28', 'json-schema-2020-12-preservation'],
] as const

/** Passed and failed checks; the others only note traffic. One scenario at a time: in parallel they flake. */
async function play(program: string, [revision, scenario]: readonly [string, string]) {
  const result = await runSuite(SUITE, [
    'client',
    '--command',
    `${NODE} ${program}`,
    '--scenario',
    scenario,
    '--spec-version',
    revision,
    '--timeout',
    String(SCENARIO_MS),
  ])
  const checks = Object.values(result.scenarios).map(({ passed, failed }) => ({ passed, failed }))
  return { code: result.code, checks }
}

describe('a client, seen by the servers of the suite', () => {
  it.each(SCENARIOS)('%s %s: passes direct, and the same through the gateway', async (...which) => {
    const direct = await play('test/conformance/client.ts', which)
    expect(direct).toMatchObject({ code: 0, checks: [{ failed: [] }] })
    expect(await play('test/conformance/client-through.ts', which)).toEqual(direct)
  })
})
