import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { isObject, parseJson, stringifyJson, type JsonObject } from '../base/json.ts'
import { NO_FACTS, NO_K8S, NO_SHELL, NO_SQL, type Facts } from '../facts/facts.ts'
import { NOTHING_SENSITIVE } from '../masking/sensitive.ts'
import { NO_CIRCUMSTANCES, type Circumstances, type Who } from './circumstances.ts'
import { argsDigest, inputsOf, OF_THE_TEXT } from './inputs.ts'
import { loadPolicy } from './parse-policy.ts'
import { recordedQuestion } from './recorded-question.ts'

const SQL: Facts = {
  ...NO_FACTS,
  sql: {
    ...NO_SQL,
    present: true,
    parsed: true,
    dialect: 'postgresql',
    parser: 'p@1',
    statements: 1,
    verbs: ['read'],
    limit: 1e40,
  },
}
const SHELL: Facts = {
  ...NO_FACTS,
  shell: {
    ...NO_SHELL,
    present: true,
    parsed: true,
    parser: 's@1',
    programs: ['psql'],
    commands: [{ program: 'psql', args: ['-c', '\0'], via: 'sudo' }],
    sql: [{ ...NO_SQL, present: true, parsed: true, verbs: ['ddl'] }],
    k8s: [{ ...NO_K8S, present: true, verb: 'get' }],
    depth: 2,
  },
}
const ALICE: Who = {
  subject: 'alice',
  issuer: 'https://idp.example',
  groups: ['eng'],
  email: 'alice@example.com',
  claims: { tenant: 'a', 'https://example.com/role': 'x', roles: { admin: true }, risk: 0.5 },
  amr: ['pwd'],
}

interface World {
  readonly circumstances?: Partial<Circumstances>
  readonly uses?: readonly string[]
  /** Paths that the new policy looks at. */
  readonly asks?: readonly string[]
  /** What became of the request before it was kept. */
  readonly kept?: (text: string) => string
}

/** What is on record is not looked for again. */
function notAgain(): never {
  throw new Error('looked for again')
}

/** Records a call, as the envelope holds it, and reads it again. */
function recordAndRead({ circumstances, uses = [], asks = uses, kept = (text) => text }: World) {
  const given = { ...NO_CIRCUMSTANCES, method: 'tools/call', atMs: 1000, ...circumstances }
  const request = stringifyJson({
    jsonrpc: '2.0',
    id: 1,
    method: given.method,
    params: { name: 'query', arguments: given.args },
  })
  const isMasked = kept(request) !== request
  const facts = throughText(inputsOf(ALICE, given, { uses: new Set(uses), isMasked }))
  const envelope = { ...ENVELOPE, facts, mcp: { method: given.method, target: 'query' } }
  const asking = { uses: new Set(asks), findSensitive: notAgain }
  return { facts, given, asked: recordedQuestion({ envelope, request: encodeUtf8(kept(request)) }, asking) }
}

const ENVELOPE: JsonObject = {
  ts: '1970-01-01T00:00:01.000000Z',
  actor: {
    sub: 'alice',
    iss: 'https://idp.example',
    email: 'alice@example.com',
    groups: ['eng'],
    ip: '',
    client: {},
  },
  conn: { name: 'db', type: 'mcp-http', labels: { env: 'prod' } },
}

function throughText(facts: JsonObject): JsonObject {
  const read = parseJson(stringifyJson(facts))
  if (!isObject(read)) throw new Error('no object')
  return read
}

describe('what a decision was made from', () => {
  it.each([
    ['SQL', SQL],
    ['a command with SQL inside', SHELL],
    ['nothing', NO_FACTS],
  ])('comes back from a record as it was: %s', (_what, facts) => {
    const session = { ageSeconds: 70, calls: 3, taints: ['secret'] }
    const tool = { hash: 'abc', changed: true, annotations: {} }
    const circumstances = {
      facts,
      session,
      tool,
      args: { sql: 'x' },
      argBytes: 11,
      sensitive: () => ({ secrets: 2, personal: ['email'] }),
      hiddenChars: true,
    }
    const { asked, given } = recordAndRead({ circumstances, uses: [...OF_THE_TEXT, 'shell.commands', 'shell.urls'] })
    const limit = facts.sql.present ? { limit: Number.MAX_SAFE_INTEGER } : {}
    expect(asked).toEqual({
      who: { ...ALICE, claims: {}, amr: undefined },
      connection: { name: 'db', labels: { env: 'prod' } },
      about: { kind: 'tool', name: 'query' },
      circumstances: {
        ...given,
        sensitive: asked?.circumstances.sensitive,
        facts: { ...facts, sql: { ...facts.sql, ...limit } },
      },
      missing: [],
    })
    expect(asked?.circumstances.sensitive()).toEqual({ secrets: 2, personal: ['email'] })
  })

  it('says only what is out of the ordinary', () => {
    expect(recordAndRead({}).facts).toEqual({ session: { age: 0, calls: 0 } })
    expect(recordAndRead({ circumstances: { facts: SQL } }).facts['sql']).toEqual({
      parsed: true,
      dialect: 'postgresql',
      parser: 'p@1',
      statements: 1,
      verbs: ['read'],
      limit: Number.MAX_SAFE_INTEGER,
    })
  })

  it('holds the claims that conditions look at, and no others', () => {
    const uses = [
      'identity.claims.tenant',
      'identity.claims.https://example.com/role',
      'identity.claims.roles.admin',
      'identity.claims.gone',
    ]
    const { facts, asked } = recordAndRead({ uses })
    expect(facts['claims']).toEqual({ tenant: 'a', 'https://example.com/role': 'x', roles: { admin: true } })
    expect(asked?.who.claims).toEqual(facts['claims'])
    expect(asked?.missing).toEqual([])
    const more = recordAndRead({ uses, asks: [...uses, 'identity.claims.roles.other', 'identity.claims.risk'] })
    expect(more.asked?.missing).toEqual(['identity.claims.risk'])
  })

  it('holds every claim, as text where an envelope could not hold it, if a condition looks at all of them', () => {
    const { facts, asked } = recordAndRead({
      uses: ['identity.claims'],
      asks: ['identity.claims.risk', 'identity.claims'],
    })
    expect(facts['claims']).toBeUndefined()
    expect(asked?.who.claims).toEqual(ALICE.claims)
    expect(asked?.missing).toEqual([])
  })

  it('is bounded, whatever a server says of its tools and however much a command holds', () => {
    const annotations = { text: 'x'.repeat(10_000) }
    const commands = Array.from({ length: 2000 }, () => ({ program: 'ls', args: ['-l'], via: '' }))
    const facts = { ...SHELL, shell: { ...SHELL.shell, commands } }
    const recorded = recordAndRead({
      circumstances: { facts, tool: { hash: 'a', changed: false, annotations } },
      uses: ['call.annotations.readOnlyHint', 'shell.commands'],
    })
    expect(stringifyJson(recorded.facts).length).toBeLessThan(250)
    expect(recorded.asked?.missing).toEqual(['call.annotations.readOnlyHint', 'shell'])
    expect(recorded.asked?.circumstances.facts.shell).toEqual({ ...NO_SHELL, present: true })
  })

  it('holds no words of a command where no condition looks at them', () => {
    const shell = { ...SHELL.shell, urls: ['https://a.example/?key=hush'] }
    const circumstances = { facts: { ...SHELL, shell } }
    const { facts, asked } = recordAndRead({ circumstances, asks: ['shell.programs', 'shell.commands', 'shell.urls'] })
    expect(stringifyJson(facts)).not.toMatch(/hush|-c/)
    expect(asked?.circumstances.facts.shell.programs).toEqual(['psql'])
    expect(asked?.missing).toEqual(['shell.commands', 'shell.urls'])
    expect(recordAndRead({ circumstances: { facts: SQL }, asks: ['shell.commands'] }).asked?.missing).toEqual([])
  })

  it('has arguments only where they are as they were judged', () => {
    const circumstances = { args: { key: 'hunter2', b: 1, a: 2 } }
    expect(recordAndRead({ circumstances, asks: ['args.key'] }).asked?.missing).toEqual([])
    const masked = recordAndRead({
      circumstances,
      asks: ['args.key'],
      kept: (text) => text.replace('hunter2', '[masked]'),
    })
    expect(masked.asked?.missing).toEqual(['args'])
    const gone = recordAndRead({ circumstances, asks: ['args.key'], kept: () => '' })
    expect(gone.asked?.missing).toEqual(['args'])
  })

  it('names what a record from before facts were recorded does not hold', () => {
    const envelope = { ...ENVELOPE, mcp: { method: 'tools/call', target: 'query' } }
    const uses = [
      'session.calls',
      'sql.flags',
      'call.tool',
      'call.secrets_in_args',
      'session.calls',
      'identity.groups',
      'identity.amr',
      'args.x',
      'now',
    ]
    const asking = { uses: new Set(uses), findSensitive: notAgain }
    const asked = recordedQuestion({ envelope, request: encodeUtf8('{"params":{"arguments":{}}}') }, asking)
    expect(asked?.missing).toEqual(['args', 'call.secrets_in_args', 'identity.amr', 'session.calls', 'sql'])
    expect(recordedQuestion({ envelope }, { ...asking, uses: new Set(['call.tool']) })?.missing).toEqual([])
  })
})

describe('the digest of arguments', () => {
  it('is the same in whatever order they come, and that of RFC 8785', () => {
    expect(argsDigest({ b: [1, { d: null, c: 'é' }], a: 1.5 })).toBe(
      argsDigest({ a: 1.5, b: [1, { c: 'é', d: null }] }),
    )
    // sha256 of {"a":1,"b":"x"}
    expect(argsDigest({ b: 'x', a: 1 })).toBe('ecf9e98ec0641e23113ff3ce8bdc78d0ddd249886517fd4a7f68cc83d4e65667')
    expect(argsDigest({ a: 1 })).not.toBe(argsDigest({ a: 2 }))
  })
})

describe('what the conditions of a policy look at', () => {
  it('is what all of its rules do together', () => {
    const text = `
version: 1
rules:
- { id: a, effect: allow, match: { connections: [db] }, when: 'identity.claims.tenant == "x" && session.calls == 0' }
- { id: b, effect: deny, match: { connections: [db] }, when: 'call.annotations.readOnlyHint == true' }
- { id: c, effect: deny, match: { tools: [x] }, message: no }
`
    const loaded = loadPolicy(text, {
      file: 'p.yaml',
      packNames: [],
      pack: () => undefined,
      beside: () => undefined,
      connections: [{ name: 'db', labels: {} }],
      inspect: () => ({ facts: NO_FACTS, argBytes: 2, sensitive: () => NOTHING_SENSITIVE, hiddenChars: false }),
    })
    if (loaded.kind === 'mistakes') throw new Error(loaded.mistakes.map(({ message }) => message).join())
    expect([...loaded.policy.uses].toSorted()).toEqual([
      'call.annotations.readOnlyHint',
      'identity.claims.tenant',
      'session.calls',
    ])
  })
})
