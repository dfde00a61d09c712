import type { Schema } from '../policy/check-shape.ts'
import { duration, list, object, text } from './schema-parts.ts'

/** `masking` of the main file. */
export function maskingSchema(): Schema {
  return object(
    {
      detectors: list(detector(), 'Kinds of values of your own, besides those that are built in.'),
      surrogates: object(
        {
          lifetime: duration('How long a stand-in can be used, and stays the same: 1m to 24h.', '8h'),
          per_scope: {
            type: 'integer',
            minimum: 1,
            maximum: 10_000_000,
            default: 100_000,
            description: 'Stand-ins of one person, client and connection; beyond it values are redacted.',
          },
          restores_per_minute: {
            type: 'integer',
            minimum: 1,
            maximum: 1_000_000,
            default: 1_000,
            description: 'Different stand-ins that turn back in a minute for one person, client and connection.',
          },
        },
        { description: 'Stand-ins that can be turned back into values.' },
      ),
    },
    { description: 'Hiding personal data and secrets; see docs/masking.md.' },
  )
}

function detector(): Schema {
  return object(
    {
      name: {
        type: 'string',
        pattern: '^[a-z][a-z0-9_]{1,39}$',
        description: 'How policy and records name it: small letters, digits and underscores.',
      },
      connections: globs('Connections that it is looked for on; all by default.'),
      tools: globs('Tools that it is looked for in; all by default.'),
      words: texts(4_000, 'Words and phrases that are the value, in whatever case.'),
      keys: texts(200, 'Names of keys and columns whose whole value it is.'),
      pattern: text('A regular expression without look-around and back-references, every repeat bounded.', {
        maxLength: 1_024,
      }),
      near: texts(200, 'Words that raise the score when they stand near a match.'),
      allow: texts(4_000, 'Values that are no finding, in whatever case.'),
      score: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        description: 'What a match is worth by itself; from 0.6 it counts. Default: 0.9, and 0.4 with near.',
      },
      with: {
        enum: ['partial', 'redact', 'hash', 'surrogate', 'block', 'allow'],
        default: 'redact',
        description: 'What becomes of it where no policy rule says otherwise.',
      },
      in: {
        type: 'array',
        minItems: 1,
        maxItems: 2,
        items: { enum: ['results', 'arguments'] },
        description:
          'Where: what comes back, what goes to a server. Default: results, and both for block. Records of calls have it hidden in any case.',
      },
      examples: object(
        {
          matches: texts(100, 'Texts in which it must be found.'),
          leaves_alone: texts(100, 'Texts in which it must not be found.'),
        },
        { required: ['matches', 'leaves_alone'], description: 'Tried whenever the configuration is read.' },
      ),
    },
    { required: ['name', 'examples'], description: 'One kind: words, keys or a pattern.' },
  )
}

/** `masking` of a connection. */
export function connectionMaskingSchema(): Schema {
  return object(
    {
      profile: {
        enum: ['default', 'off'],
        default: 'default',
        description:
          'default hides what nearly nobody wants to see; off hides only what policy names, and credentials.',
      },
      binary: {
        enum: ['pass', 'drop', 'block'],
        default: 'pass',
        description: 'Pictures, archives and other content that no text can be read from.',
      },
      group: text(
        'Connections of the same group share stand-ins, so that a customer of one can be found in the other.',
      ),
      restore: restore(),
      analyzer: analyzer(),
    },
    { description: 'Hiding personal data and secrets; see docs/masking.md.' },
  )
}

function restore(): Schema {
  return object(
    {
      why: text('Why values are needed there; auditors read it.'),
      sinks: {
        type: 'array',
        minItems: 1,
        maxItems: 200,
        description:
          'Arguments, and fields of forms, in which a stand-in turns back into its value. Anywhere else the message is refused.',
        items: object(
          {
            tool: text('A tool, or a glob.'),
            argument: text('Where in its arguments: email, filter.email, ids[*]. This or field.'),
            field: text('Or a field of the forms that the server asks for in its calls: email, emails[*].'),
            within: {
              type: ['boolean', 'string'],
              description:
                'Also inside a longer text: true for values of letters, digits and @._+-, or the characters that may be in it.',
            },
          },
          { required: ['tool'], description: 'One argument, or one field.' },
        ),
      },
    },
    { required: ['why', 'sinks'], description: 'Where stand-ins turn back into values; nowhere by default.' },
  )
}

function analyzer(): Schema {
  return object(
    {
      url: text('Base URL of a service that speaks the HTTP interface of Presidio Analyzer.'),
      timeout: duration('How long a reply may take; then the message is refused.', '2s'),
      language: text('Language of the texts, such as en.', { default: 'en' }),
      score: { type: 'number', minimum: 0, maximum: 1, default: 0.5, description: 'Findings below it do not count.' },
      entities: texts(50, 'What is asked for, in the names of the service. Default: PERSON and LOCATION.'),
      tools: globs('Tools whose results are sent there; all by default.'),
      concurrent: {
        type: 'integer',
        minimum: 1,
        maximum: 256,
        default: 8,
        description: 'Questions at the same time; others wait, within their time.',
      },
    },
    { required: ['url'], description: 'Asks a service for names and addresses in prose; refuses when it fails.' },
  )
}

function globs(description: string): Schema {
  return texts(200, description)
}

function texts(most: number, description: string): Schema {
  return {
    type: 'array',
    minItems: 1,
    maxItems: most,
    items: { type: 'string', minLength: 1, maxLength: 500 },
    description,
  }
}
