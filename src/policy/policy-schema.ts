import type { Later, Schema } from './check-shape.ts'
import type { Conditions, Effect, Severity } from './rule.ts'

/** A policy file, as read from YAML. */
export interface PolicyFile {
  readonly version: 1
  readonly default?: 'deny'
  readonly mode?: 'enforce'
  readonly timezone?: string
  readonly groups?: Readonly<Record<string, readonly string[]>>
  readonly rules: readonly RuleEntry[]
  readonly tests?: readonly TestEntry[]
}

export interface RuleEntry {
  readonly id: string
  readonly effect: Effect
  readonly match: Conditions
  readonly except?: Conditions
  readonly message?: string
  readonly severity?: Severity
}

export interface TestEntry {
  readonly name: string
  readonly as?: { readonly groups?: readonly string[]; readonly email?: string; readonly subject?: string }
  readonly call: {
    readonly connection: string
    readonly tool?: string
    readonly prompt?: string
    readonly resource?: string
    readonly args?: unknown
  }
  readonly expect: Effect
  readonly rule?: string
}

/** Words of the whole language that this release does not know how to carry out, and so refuses to read over. */
export const NOT_YET: Later = new Set(
  'include break_glass shadow when during outside approval mode mask limit alert approve at'.split(' '),
)

export function policySchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'policy.yaml',
    description: 'Who may do what through the gateway. The strictest matching rule wins; nothing matches: refused.',
    type: 'object',
    required: ['version', 'rules'],
    additionalProperties: false,
    properties: {
      version: { const: 1, description: 'Version of this format: 1.' },
      default: { const: 'deny', description: 'What no rule allows is refused; there is no other default.' },
      mode: { const: 'enforce', description: 'Decisions are carried out.' },
      timezone: { ...text('IANA name, such as Europe/Berlin.'), default: 'UTC' },
      groups: {
        type: 'object',
        description: 'Readable name to values of the groups claim of the identity provider.',
        propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
        additionalProperties: { type: 'array', minItems: 1, items: text('A value of the claim.') },
      },
      rules: { type: 'array', maxItems: 5000, items: rule(), description: 'The rules; their order has no meaning.' },
      tests: { type: 'array', maxItems: 5000, items: test(), description: 'Run before the policy is used.' },
    },
  }
}

function rule(): Schema {
  return {
    type: 'object',
    description: 'One rule.',
    required: ['id', 'effect', 'match'],
    additionalProperties: false,
    properties: {
      id: {
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
        description: 'Its name in refusals and records: letters, digits, dots, dashes, unique.',
      },
      effect: { enum: ['deny', 'allow'], description: 'deny or allow.' },
      match: conditions('What the rule is about; everything given must fit. connections: ["*"] is everything.'),
      except: conditions('What the rule is not about, although it matches; everything given must fit.'),
      message: { ...text('Shown to whoever is refused.'), maxLength: 500 },
      severity: { enum: ['low', 'medium', 'high', 'critical'], description: 'How grave a refusal is.' },
    },
  }
}

function conditions(description: string): Schema {
  return {
    type: 'object',
    description,
    minProperties: 1,
    additionalProperties: false,
    properties: {
      connections: {
        type: ['array', 'object'],
        minItems: 1,
        minProperties: 1,
        items: glob('Name of a connection, or a glob.'),
        additionalProperties: text('Value of the label.'),
        description: 'A list of names and globs, or labels that the connection must all have.',
      },
      tools: globs('Globs on names of tools; * is any text.'),
      prompts: globs('Globs on names of prompts; * is any text.'),
      resources: globs('Globs on resource URIs; * stays inside a path segment, ** crosses segments.'),
      groups: { type: 'array', minItems: 1, items: text('A name from groups.'), description: 'Readable group names.' },
    },
  }
}

function test(): Schema {
  return {
    type: 'object',
    description: 'A call, and what the policy must say to it.',
    required: ['name', 'call', 'expect'],
    additionalProperties: false,
    properties: {
      name: text('What the test shows.'),
      as: {
        type: 'object',
        description: 'The caller; groups are values of the claim, not readable names.',
        additionalProperties: false,
        properties: {
          groups: { type: 'array', items: text('A value of the groups claim.') },
          email: text('E-mail of the caller.'),
          subject: text('Subject of the caller.'),
        },
      },
      call: {
        type: 'object',
        description: 'A connection and one of tool, prompt, resource; without them, the connection itself.',
        required: ['connection'],
        additionalProperties: false,
        properties: {
          connection: text('Name of a connection.'),
          tool: text('Name of a tool.'),
          prompt: text('Name of a prompt.'),
          resource: text('URI of a resource.'),
          args: { description: 'Arguments of the call; no rule looks at them yet.' },
        },
      },
      expect: { enum: ['allow', 'deny'], description: 'allow or deny.' },
      rule: text('The rule that must decide, or default.'),
    },
  }
}

function globs(description: string): Schema {
  return { type: 'array', minItems: 1, maxItems: 1000, items: glob(description), description }
}

function glob(description: string): Schema {
  return { type: 'string', minLength: 1, maxLength: 256, description }
}

function text(description: string): Schema {
  return { type: 'string', minLength: 1, description }
}
