import { DIALECTS, FACT_KINDS } from '../facts/facts.ts'
import type { Schema } from '../policy/check-shape.ts'
import { connectionMaskingSchema } from './masking-schema.ts'
import { receiptsSchema } from './receipts-schema.ts'
import { DRAFT, limits, list, map, object, text } from './schema-parts.ts'

export function connectionSchema(): Schema {
  return {
    $schema: DRAFT,
    title: 'Connection',
    ...object(
      {
        kind: { const: 'Connection', description: 'What this document is.' },
        name: {
          type: 'string',
          pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
          description: 'Part of the address, /mcp/NAME: up to 63 lower-case letters, digits and dashes, no dash first.',
        },
        labels: map('What policy rules choose connections by, such as env: prod.'),
        upstream: {
          ...object(
            { http: httpUpstream(), stdio: stdioUpstream() },
            { description: 'The MCP server: either http or stdio.' },
          ),
          minProperties: 1,
          maxProperties: 1,
        },
        dialect: {
          enum: [...DIALECTS],
          description: 'SQL dialect of the server, where the label kind does not say it.',
        },
        inspect: inspect(),
        credentials: list(credential(), 'What the server wants to see; clients never have it.'),
        masking: connectionMaskingSchema(),
        limits: limits((row) => row.perConnection),
        receipts: receiptsSchema(undefined),
        scopes: list(text('An OAuth scope.'), 'Scopes that clients are told to ask for.'),
      },
      { required: ['kind', 'name', 'upstream'], description: 'One MCP server behind the gateway.' },
    ),
  }
}

function inspect(): Schema {
  const paths: Schema = {
    type: ['string', 'array'],
    minLength: 1,
    minItems: 1,
    maxItems: 50,
    items: text('A path, such as $.args.sql.'),
    description: 'A path or several, such as $.args.sql or $.args.statements[*].',
  }
  return {
    ...object(Object.fromEntries(FACT_KINDS.map((kind) => [kind, paths])), {
      description:
        'Where arguments hold what policy reads: SQL, commands, URLs. The label kind says it for usual servers.',
    }),
    minProperties: 1,
  }
}

function httpUpstream(): Schema {
  return object(
    {
      url: text('URL of the MCP endpoint, without credentials in it.'),
      ca: text('PEM file with further certificate authorities; relative to this file.'),
      host: {
        enum: ['rewrite', 'pass'],
        default: 'rewrite',
        description: 'The Host header the server sees: its own (rewrite) or what the client sent (pass).',
      },
    },
    { required: ['url'], description: 'A server that speaks Streamable HTTP.' },
  )
}

function stdioUpstream(): Schema {
  return object(
    {
      command: text('The program; no shell is involved.'),
      args: { type: 'array', items: { type: 'string' }, description: 'Its arguments, one by one.' },
      env: map('Environment of the process. Plain values only; a secret is a credential with env.'),
      cwd: text('Working folder; relative to this file.'),
      per: { const: 'session', default: 'session', description: 'One process per session.' },
    },
    { required: ['command'], description: 'A server that speaks over standard input and output.' },
  )
}

function credential(): Schema {
  return {
    ...object(
      {
        name: {
          type: 'string',
          pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
          description: 'Name for sallyport credential set: lower-case letters, digits, dots, dashes.',
        },
        header: {
          type: 'string',
          pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$",
          description: 'Name of the HTTP header that carries it.',
        },
        bearer: { const: true, description: 'Sent as Authorization: Bearer.' },
        basic: { const: true, description: 'Sent as Authorization: Basic; the value is user:password.' },
        env: {
          type: 'string',
          pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$',
          description: 'Environment variable that carries it.',
        },
      },
      { required: ['name'], description: 'A name and one of: header: NAME, bearer: true, basic: true, env: NAME.' },
    ),
    minProperties: 2,
    maxProperties: 2,
  }
}
