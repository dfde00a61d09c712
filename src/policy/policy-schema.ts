import type { Schema } from './check-shape.ts'
import { mode, rule } from './rule-schema.ts'
import { conditions, connections, record, text, texts } from './schema-words.ts'

const GROUPS: Schema = {
  type: 'object',
  description: 'Readable name to values of the groups claim of the identity provider.',
  propertyNames: {
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    description: 'A readable name: letters, digits, dots, dashes.',
  },
  additionalProperties: {
    type: 'array',
    minItems: 1,
    items: text('A value of the claim.'),
    description: 'Values of the groups claim, such as [okta-engineering].',
  },
}

/** Of the policy that a gateway runs under. */
export function policySchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'policy.yaml',
    ...record(
      'Who may do what through the gateway. The strictest matching rule wins; nothing matches: refused.',
      {
        version: { const: 1, description: 'Version of this format: 1.' },
        description: text('What the policy is for.'),
        default: {
          enum: ['deny', 'allow'],
          default: 'deny',
          description: 'What no rule allows is refused; allow only with mode: shadow.',
        },
        mode: mode('Of the whole file.'),
        timezone: { ...text('IANA name, such as Europe/Berlin.'), default: 'UTC' },
        include: {
          type: 'array',
          maxItems: 100,
          items: include(),
          description: 'Packs and files whose rules stand beside those of this file.',
        },
        groups: GROUPS,
        rules: rules('The rules; their order has no meaning.'),
        break_glass: breakGlass(),
        tests: tests(),
        test_with: testWith(),
      },
      ['version', 'rules'],
    ),
  }
}

/** Of a file that another one includes: it brings rules, and decides nothing about the whole. */
export function includedSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'included policy',
    ...record(
      'Rules that a policy includes.',
      {
        version: { const: 1, description: 'Version of this format: 1.' },
        description: text('What the rules are for.'),
        groups: GROUPS,
        rules: rules('The rules; their order has no meaning.'),
        tests: tests(),
        test_with: testWith(),
      },
      ['version', 'rules'],
    ),
  }
}

function rules(description: string): Schema {
  return { type: 'array', maxItems: 5000, items: rule(), description }
}

function tests(): Schema {
  return { type: 'array', maxItems: 5000, items: test(), description: 'Run before the policy is used.' }
}

function include(): Schema {
  return {
    type: ['string', 'object'],
    description: 'pack:NAME, a file such as ./team.yaml, or a map with pack: NAME.',
    minLength: 1,
    required: ['pack'],
    additionalProperties: false,
    properties: {
      pack: text('Name of a pack, such as postgres-safe.'),
      connections: connections(),
      except: conditions('What the rules of the pack are not about.'),
      without: texts('Rules of the pack that are left out.', 'Id of a rule.'),
      approvers: text('Group that approves what the pack wants approved; without it, that is denied.'),
    },
  }
}

function breakGlass(): Schema {
  return record(
    'Who may do in an emergency what otherwise needs approval. Lifts approve rules only.',
    {
      groups: texts('Who may.', 'A name from groups.'),
      overrides: texts('The approve rules that are lifted.', 'Id of an approve rule.'),
      for: text('For how long, such as 1h.'),
      reason: { const: 'required', description: 'A reason is always required.' },
      notify: texts('Who is told at once.', 'One receiver.'),
      review_within: text('When somebody must have looked at it, such as 2d.'),
    },
    ['groups', 'overrides', 'for'],
  )
}

/** Of a call that somebody asks about: one of `tests:`, of which only the call is needed. */
export function callSchema(): Schema {
  return test(['call'])
}

function test(required: string[] = ['name', 'call', 'expect']): Schema {
  return record(
    'A call, and what the policy must say to it.',
    {
      name: text('What the test shows.'),
      at: text('Time of the call, such as 2026-11-22T23:00:00+01:00; else Monday, 2026-11-23T10:00:00+01:00.'),
      as: record(
        'The caller; groups are values of the claim, not readable names.',
        {
          groups: { type: 'array', items: text('A value of the groups claim.') },
          email: text('E-mail of the caller.'),
          subject: text('Subject of the caller.'),
          issuer: text('Issuer of the token.'),
          claims: { type: 'object', description: 'Further claims of the token.' },
          amr: { type: 'array', items: text('An authentication method, such as mfa.') },
          client: text('Id of the OAuth client.'),
          address: text('Address that the call comes from.'),
        },
        [],
      ),
      session: record(
        'The conversation so far.',
        {
          age: text('How long it lasts already, such as 2h.'),
          calls: { type: 'integer', minimum: 0, description: 'Calls before this one.' },
          taints: { type: 'array', items: text('A taint.') },
        },
        [],
      ),
      call: record(
        'A connection and one of tool, prompt, resource; without them, the connection itself.',
        {
          connection: text('Name of a connection.'),
          tool: text('Name of a tool.'),
          prompt: text('Name of a prompt.'),
          resource: text('URI of a resource.'),
          method: text('Method of the protocol, where it is none of the usual.'),
          args: { type: 'object', description: 'Arguments of the call, by name.' },
          annotations: { type: 'object', description: 'What the server says of the tool.' },
          tool_changed: { type: 'boolean', description: 'The tool is not what it was when it was seen first.' },
        },
        ['connection'],
      ),
      expect: { enum: ['allow', 'approve', 'deny'], description: 'allow, approve or deny.' },
      rule: text('The rule that must decide, or default.'),
    },
    required,
  )
}

function testWith(): Schema {
  return record(
    'What the tests take for granted where there is no configuration: of a pack, or of a file on its own.',
    {
      connections: {
        type: 'object',
        description: 'Name to labels and inspectors.',
        additionalProperties: record(
          'A connection.',
          {
            labels: { type: 'object', additionalProperties: text('Value of the label.'), description: 'Its labels.' },
            inspect: { type: 'object', description: 'Where its arguments hold SQL, commands and the like.' },
            dialect: text('Of its SQL, such as mysql.'),
          },
          [],
        ),
      },
      rules: rules('Rules that stand beside those of the file while its tests run.'),
    },
    [],
  )
}
