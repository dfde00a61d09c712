import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../base/json.ts'
import { NO_FACTS, type Facts } from '../../facts/facts.ts'
import { NO_CIRCUMSTANCES, type Circumstances, type Who } from '../circumstances.ts'
import { compileCondition, contextOf, type Condition, type ConditionContext } from './condition.ts'

interface World {
  readonly args?: JsonObject
  readonly who?: Partial<Who>
  readonly groups?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly about?: Parameters<typeof contextOf>[0]['about']
  readonly sql?: Partial<Facts['sql']>
  readonly shell?: Partial<Facts['shell']>
  readonly circumstances?: Partial<Circumstances>
  readonly timezone?: string
}

function setUp(world: World = {}): ConditionContext {
  const { args = {}, sql, shell, groups = ['sre'], labels = { env: 'prod' }, timezone = 'Europe/Berlin' } = world
  const facts: Facts = {
    ...NO_FACTS,
    sql: { ...NO_FACTS.sql, ...(sql === undefined ? {} : { present: true, parsed: true }), ...sql },
    shell: { ...NO_FACTS.shell, ...(shell === undefined ? {} : { present: true, parsed: true }), ...shell },
  }
  return contextOf(
    {
      who: { subject: 'ada', groups: ['okta-sre'], ...world.who },
      groups: new Set(groups),
      connection: { name: 'prod-db', labels },
      about: world.about ?? { kind: 'tool', name: 'query' },
      circumstances: { ...NO_CIRCUMSTANCES, facts, args, ...world.circumstances },
    },
    timezone,
  )
}

function compiled(source: string): Condition {
  const result = compileCondition(source)
  if (result.kind === 'wrong') throw new Error(`${source}: ${result.line}:${result.column} ${result.message}`)
  return result.condition
}

function holds(source: string, world?: World): boolean | 'error' {
  return compiled(source).holds(setUp(world))
}

describe('what a condition sees', () => {
  it.each<[string, World]>([
    ['sql.verbs.exists(v, v in ["ddl", "admin"])', { sql: { verbs: ['read', 'ddl'] } }],
    ['sql.statements > 1 && sql.limit == 10', { sql: { statements: 2, limit: 10 } }],
    ['!sql.present && !sql.parsed && sql.where == "n/a" && sql.limit == -1', {}],
    [
      'shell.commands.exists(c, c.program == "rm" && "-rf" in c.args && c.via == "sudo")',
      { shell: { commands: [{ program: 'rm', args: ['-rf', '/'], via: 'sudo' }] } },
    ],
    [
      'shell.sql.exists(s, "ddl" in s.verbs && s.statements == 2) && shell.depth == 1',
      { shell: { sql: [{ ...NO_FACTS.sql, verbs: ['ddl'], statements: 2 }], depth: 1 } },
    ],
    [
      'shell.k8s.exists(k, k.all) && shell.cloud.exists(c, c.provider == "aws")',
      { shell: { k8s: [{ ...NO_FACTS.k8s, all: true }], cloud: [{ ...NO_FACTS.cloud, provider: 'aws' }] } },
    ],
    ['!http.private_address && http.port == 0 && mongo.op == "" && k8s.verb == "" && cloud.provider == ""', {}],
    ['"sre" in identity.groups && "okta-sre" in identity.claim_groups && identity.subject == "ada"', {}],
    [
      'identity.claims.tenant == "acme" && identity.claims.level >= 3',
      { who: { claims: { tenant: 'acme', level: 3 } } },
    ],
    ['identity.email == "" && identity.issuer == "" && identity.amr.size() == 0', {}],
    ['connection.name == "prod-db" && connection.labels.env == "prod" && call.connection == connection.name', {}],
    ['call.tool == "query" && call.prompt == "" && call.resource == ""', {}],
    ['call.resource == "file:///a"', { about: { kind: 'resource', uri: 'file:///a' } }],
    ['call.prompt == "greet"', { about: { kind: 'prompt', name: 'greet' } }],
    [
      'call.secrets_in_args == 2 && call.arg_bytes > 10',
      { circumstances: { sensitive: () => ({ secrets: 2, personal: [] }), argBytes: 11 } },
    ],
    [
      '"credit_card" in call.pii_in_args && size(call.pii_in_args) == 2 && call.pii_in_args.exists(k, k == "email")',
      { circumstances: { sensitive: () => ({ secrets: 0, personal: ['credit_card', 'email'] }) } },
    ],
    [
      'call.tool_changed && call.tool_hash == "ab" && call.annotations.readOnlyHint == true',
      { circumstances: { tool: { hash: 'ab', changed: true, annotations: { readOnlyHint: true } } } },
    ],
    [
      'session.tainted && "web" in session.taints && session.calls == 3 && session.age >= 60',
      { circumstances: { session: { ageSeconds: 60.9, calls: 3, taints: ['web'] } } },
    ],
    [
      'client.name == "cli" && client.id == "c1"',
      { circumstances: { client: { id: 'c1', name: 'cli', version: '1' } } },
    ],
    ['now < timestamp("2026-11-23T10:00:01Z")', { circumstances: { atMs: Date.UTC(2026, 10, 23, 10) } }],
    [
      'now - timestamp("2026-11-23T00:00:00Z") == duration("10h")',
      { circumstances: { atMs: Date.UTC(2026, 10, 23, 10) } },
    ],
  ])('%s', (source, world) => {
    expect(holds(source, world)).toBe(true)
  })

  it('reads what is costly only when a condition asks for it', () => {
    let reads = 0
    const circumstances: Circumstances = {
      ...NO_CIRCUMSTANCES,
      sensitive: () => {
        reads += 1
        return { secrets: 1, personal: [] }
      },
    }
    const context = contextOf(
      {
        who: { subject: '', groups: [] },
        groups: new Set(),
        connection: { name: '', labels: {} },
        about: { kind: 'connection' },
        circumstances,
      },
      'UTC',
    )
    compiled('call.tool == ""').holds(context)
    expect(reads).toBe(0)
    const secrets = compiled('call.secrets_in_args > 0')
    expect([secrets.holds(context), reads]).toEqual([true, 1])
  })

  it('is an error where the arguments cannot be searched', () => {
    const world = { circumstances: { sensitive: () => undefined } }
    expect(holds('call.secrets_in_args > 0', world)).toBe('error')
    expect(holds('size(call.pii_in_args) > 0', world)).toBe('error')
    expect(compiled('call.secrets_in_args > 0').explain(setUp(world)).error).toBe(
      'the arguments take too long to search',
    )
  })
})

describe('numbers of the arguments', () => {
  it.each([
    'args.n == 5',
    'args.n > 4',
    'args.n < 5.5',
    'args.n in [4, 5]',
    'args.n + 1 == 6',
    'args.deep.list[0] == 1',
  ])('compare with whole numbers: %s', (source) => {
    expect(holds(source, { args: { n: 5, deep: { list: [1] } } })).toBe(true)
  })

  it('keep their fraction, and their size beyond what is exact', () => {
    expect(holds('args.n > 1.4 && args.n < 2 && args.big > 9007199254740992.0', { args: { n: 1.5, big: 1e20 } })).toBe(
      true,
    )
    expect(holds('args.n == 1', { args: { n: 1.5 } })).toBe(false)
  })
})

describe('functions', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['fd00::1', 'fd00::/8', true],
    ['10.1.2.3', 'fd00::/8', false],
    ['', '10.0.0.0/8', 'error'],
    ['010.1.2.3', '10.0.0.0/8', 'error'],
  ])('inCidr of "%s" in %s', (address, cidr, expected) => {
    expect(holds(`inCidr(address, "${cidr}")`, { circumstances: { address } })).toBe(expected)
  })

  it('a glob stays inside of a segment with one star and crosses with two', () => {
    const world = { shell: { writes: ['/etc/ssl/key.pem'] } }
    expect(holds('shell.writes.exists(w, glob(w, "/etc/**"))', world)).toBe(true)
    expect(holds('shell.writes.exists(w, glob(w, "/etc/*"))', world)).toBe(false)
    expect(holds('shell.writes.exists(w, glob(w, "**/ssl/*.pem"))', world)).toBe(true)
    expect(holds('glob("mkfs.ext4", "mkfs*") && glob(args.x, args.glob)', { args: { x: 'a/b', glob: '*/b' } })).toBe(
      true,
    )
  })

  it.each([
    'args.s.lowerAscii() == "äBc".lowerAscii() && "İ".lowerAscii() == "İ"',
    'args.s.upperAscii() == "äBC" && " x ".trim() == "x"',
    'args.s.indexOf("c") == 2 && "abab".indexOf("a", 1) == 2 && "abab".lastIndexOf("b") == 3',
    '"a,b,c".split(",").size() == 3 && "a,b,c".split(",", 2)[1] == "b,c" && ["a", "b"].join("-") == "a-b"',
    'size(args.s) == 3 && args.s.size() == 3 && size("🚲") == 1 && size({"a": 1}) == 1 && [1, 2].size() == 2',
    '"abc".substring(1, 2) == "b" && args.s.startsWith("ä") && args.s.endsWith("c")',
    'int("5") == 5 && double(2) == 2.0 && string(5) == "5" && bool("true") && type(args.s) == string',
    '[1, 2].map(x, x * 2) == [2, 4] && [1, 2].filter(x, x > 1) == [2] && [1, 2].exists_one(x, x == 1)',
    '[1, 2].map(x, x > 1, x * 2) == [4] && [[1], [2]].all(l, l.exists(x, x > 0))',
    '(args.n + 1) * 2 - 6 / 3 == 10 && -args.n == -5 && 7 % 4 == 3 && !(args.n == 4 || args.n == 6)',
    '(args.n == 5 ? "a" : "b") == "a" && {"k": args.n}["k"] == 5 && dyn(1) == 1',
  ])('%s', (source) => {
    expect(holds(source, { args: { s: 'äBc', n: 5 } })).toBe(true)
  })

  it('the hour is that of the zone of the policy, unless another is named', () => {
    const circumstances = { atMs: Date.UTC(2026, 6, 1, 22, 30) }
    expect(holds('now.getHours() == 0 && now.getDate() == 2 && now.getDayOfWeek() == 4', { circumstances })).toBe(true)
    expect(holds('now.getHours("UTC") == 22 && now.getMinutes("UTC") == 30', { circumstances })).toBe(true)
    expect(holds('now.getHours("America/New_York") == 18 && now.getFullYear() == 2026', { circumstances })).toBe(true)
    expect(
      holds('now.getMonth() == 6 && now.getDayOfYear("UTC") == 181 && now.getDayOfMonth("UTC") == 0', {
        circumstances,
      }),
    ).toBe(true)
    expect(holds('duration("90m").getHours() == 1 && duration("90m").getMinutes() == 90')).toBe(true)
  })

  it('a time without an offset is an error, for it would be read in the zone of this machine', () => {
    expect(holds('now < timestamp(args.t)', { args: { t: '2026-11-23T10:00:00.000' } })).toBe('error')
    expect(holds('now < timestamp(args.t)', { args: { t: '2026-11-23T10:00:00+01:00' } })).toBe(true)
    expect(holds('now < timestamp(args.t)', { args: { t: 1_795_000_000 } })).toBe(true)
  })
})

describe('the explanation', () => {
  it('shows each operand with its own value', () => {
    const condition = compiled('sql.verbs.exists(v, v == "ddl") ||\n  (sql.statements  >  1 && args.missing == 1)')
    expect(condition.explain(setUp({ sql: { verbs: ['read'], statements: 2 } }))).toEqual({
      value: 'error',
      error: 'No such key: missing',
      parts: [
        { text: 'sql.verbs.exists(v, v == "ddl")', value: 'false' },
        { text: 'sql.statements > 1', value: 'true' },
        { text: 'args.missing == 1', value: 'error: No such key: missing' },
      ],
    })
  })

  it('has no error where there is an answer', () => {
    expect(compiled('sql.present').explain(setUp())).toEqual({
      value: false,
      parts: [{ text: 'sql.present', value: 'false' }],
    })
  })

  it('says that a list is too large, and that the work was too much', () => {
    const args = { l: Array.from({ length: 1_001 }, () => 1), m: Array.from({ length: 1_000 }, () => 1) }
    expect(compiled('args.l.size() > 1').explain(setUp({ args })).error).toContain('larger than 1,000')
    expect(compiled('args.m.all(x, args.m.all(y, x == y))').explain(setUp({ args })).error).toContain('too much work')
  })

  it('does not repeat what stands in the arguments', () => {
    const args = { s: 'hunter2-hunter2' }
    for (const source of [
      'bool(args.s)',
      'duration(args.s) > duration("1s")',
      'int(args.s) > 1',
      'timestamp(args.s) < now',
    ]) {
      const { error } = compiled(source).explain(setUp({ args }))
      expect(error).toBeDefined()
      expect(error).not.toContain('hunter2')
    }
  })
})
