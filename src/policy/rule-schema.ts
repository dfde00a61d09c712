import type { Schema } from './check-shape.ts'
import { EFFECTS, MASK_ACTIONS, MASK_SIDES } from './rule.ts'
import { conditions, record, text, texts } from './schema-words.ts'

const DURATION = 'A number and ms, s, m, h or d, such as 30m.'

export function rule(): Schema {
  return record(
    'One rule.',
    {
      id: {
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
        description: 'Its name in refusals and records: letters, digits, dots, dashes, unique.',
      },
      effect: {
        enum: [...EFFECTS],
        description: 'deny, approve or allow decide; mask, limit and alert come with whatever is not denied.',
      },
      mode: mode('Of this rule alone.'),
      match: conditions('What the rule is about; everything given must fit. connections: ["*"] is everything.'),
      except: conditions('What the rule is not about, although it matches; everything given must fit.'),
      during: window('The rule holds within this time only.'),
      outside: window('The rule holds outside of this time only.'),
      when: {
        ...text('A CEL expression that is true or false, over the call and what was read in its arguments.'),
        maxLength: 8192,
      },
      message: { ...text('Shown to whoever is refused.'), maxLength: 500 },
      severity: { enum: ['low', 'medium', 'high', 'critical'], description: 'How grave a refusal or an alert is.' },
      approval: approval(),
      mask: { type: 'array', minItems: 1, maxItems: 100, items: mask(), description: 'What is hidden, and how.' },
      limit: { type: 'array', minItems: 1, maxItems: 100, items: limit(), description: 'How much, per whom.' },
    },
    ['id', 'effect', 'match'],
  )
}

export function mode(what: string): Schema {
  return {
    enum: ['enforce', 'shadow'],
    default: 'enforce',
    description: `${what} enforce: carried out; shadow: only recorded.`,
  }
}

function window(description: string): Schema {
  return record(
    description,
    {
      days: text('Days of the week, such as mon-fri, or sat,sun, or daily.'),
      hours: text('From and to in the time zone of the file, such as "07:00-20:00"; may pass midnight.'),
      from: text('First day or moment, such as 2026-12-24.'),
      until: text('Day or moment before which it ends.'),
    },
    [],
  )
}

function approval(): Schema {
  return record(
    'Of an approve rule: who must agree, and for how long that holds.',
    {
      by: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        description: 'Every line must be met, by people other than the caller.',
        items: record(
          'A group and how many of its members.',
          {
            group: text('A name from groups.'),
            count: { type: 'integer', minimum: 1, maximum: 20, default: 1, description: 'How many people.' },
          },
          ['group'],
        ),
      },
      scope: {
        type: 'string',
        pattern: '^(once|session|[0-9]+(ms|s|m|h|d))$',
        default: 'once',
        description: 'once (this very call), session, or a duration such as 30m, never longer than the session.',
      },
      reason: { enum: ['required', 'optional'], default: 'optional', description: 'Whether the caller must say why.' },
      expires: { ...text(`How long the question stands. ${DURATION}`), default: '30m' },
      run_within: {
        ...text(`How long the call may come after it was approved once. ${DURATION}`),
        default: '10m',
      },
      notify: texts('Who is told, such as slack:#approvals.', 'One receiver.'),
    },
    ['by'],
  )
}

function mask(): Schema {
  return {
    ...record(
      'Kinds of data or fields, and how they are hidden.',
      {
        entities: texts('Kinds of data, such as email.', 'One kind.'),
        fields: texts('Names of fields, such as "*.password_hash".', 'One name or glob.'),
        in: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { enum: [...MASK_SIDES] },
          default: ['results'],
          description: 'Which way: results come from the MCP server, arguments go to it.',
        },
        with: { enum: [...MASK_ACTIONS], description: 'How it is hidden; block refuses the whole message.' },
      },
      ['with'],
    ),
    minProperties: 2,
  }
}

function limit(): Schema {
  return {
    ...record(
      'One of calls, result_bytes, concurrent, masked_entities; per a time; by whom it is counted.',
      {
        calls: amount('Calls in the time.'),
        result_bytes: {
          type: ['string', 'integer'],
          description: 'Bytes of results in the time, such as 50MB.',
        },
        concurrent: amount('Calls that run at the same time.'),
        masked_entities: amount('Masked values in the time.'),
        per: text(`The time. ${DURATION}`),
        burst: {
          type: ['string', 'integer'],
          description: 'How many may come at once; as many as the amount where nothing is said.',
        },
        by: {
          type: 'array',
          minItems: 1,
          maxItems: 5,
          uniqueItems: true,
          default: ['identity'],
          items: {
            enum: ['identity', 'connection', 'tool', 'session', 'client'],
            description: 'What is counted apart; for one group alone, write a rule with match: { groups: [...] }.',
          },
          description: 'Counted apart for each of these.',
        },
      },
      [],
    ),
    minProperties: 1,
  }
}

function amount(description: string): Schema {
  return { type: 'integer', minimum: 1, maximum: 1e12, description }
}
