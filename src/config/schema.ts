import type { Schema } from '../policy/check-shape.ts'
import { exportsSchema } from './exports-schema.ts'
import { headsSchema } from './heads-schema.ts'
import { maskingSchema } from './masking-schema.ts'
import { outsidersSchema } from './outsiders-schema.ts'
import { retentionSchema, sealAfterSchema } from './read-retention.ts'
import { indexSchema, viewSchema } from './view-schema.ts'
import { receiptsSchema } from './receipts-schema.ts'
import { DRAFT, duration, limits, list, object, size, text } from './schema-parts.ts'

export function sallyportSchema(): Schema {
  return {
    $schema: DRAFT,
    title: 'sallyport.yaml',
    ...object(
      {
        version: { const: 1, description: 'Version of this format: 1.' },
        listen: text('Host and port, such as 127.0.0.1:7070; port 0 takes a free one.', { default: '127.0.0.1:7070' }),
        url: text('Public base URL, such as https://mcp.example.com. Default: from listen.'),
        allowed_hosts: list(
          text('A host name, with its port where there is one.'),
          'Values of the Host header that are served, besides that of url.',
        ),
        allowed_origins: list(
          text('An origin, such as https://app.example.com.'),
          'Origins of web pages that may call, besides that of url.',
        ),
        data: text('Folder for everything that is kept; relative to this file.', { default: './data' }),
        identity: object(
          {
            issuers: {
              type: 'array',
              minItems: 1,
              items: issuer(),
              description: 'Who may vouch for callers; at least one: nobody passes unknown.',
            },
          },
          { required: ['issuers'], description: 'Who calls.' },
        ),
        master_key: {
          type: 'string',
          pattern: '^(\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}|file:.+)$',
          description: 'Where the master key stands: ${env:NAME} or file:PATH, never the key itself.',
        },
        policy: text('The policy file; relative to this file.', { default: 'policy.yaml' }),
        resources: list(
          text('A file, or a folder with .yaml files; relative to this file.'),
          'Where the connections stand.',
        ),
        masking: maskingSchema(),
        limits: limits(() => true),
        audit: auditSchema(),
      },
      { required: ['version', 'identity', 'master_key'], description: 'Configuration of one gateway.' },
    ),
  }
}

function auditSchema(): Schema {
  return object(
    {
      segment: object(
        {
          size: size('Size of one file of the log: 1MiB to 1GiB.', '64MiB'),
          seal_after: sealAfterSchema(),
          encrypt: {
            type: 'boolean',
            default: false,
            description: 'Whether content is encrypted before it is sealed too; commands that read it then need -c.',
          },
        },
        { description: 'The files of the log.' },
      ),
      queue: size('Records waiting for the disk; beyond it callers wait, then are refused.', '64MiB'),
      deadline: duration('How long a call waits for its record to be on disk before it is refused.', '30s'),
      receipts: receiptsSchema('off'),
      index: indexSchema(),
      view: viewSchema(),
      ...headsSchema(),
      ...outsidersSchema(),
      ...retentionSchema(),
      ...exportsSchema(),
    },
    { description: 'The audit log.' },
  )
}

function issuer(): Schema {
  return object(
    {
      issuer: text('The issuer, exactly as in its tokens (iss).'),
      audience: {
        type: ['string', 'array'],
        items: { type: 'string', minLength: 1 },
        minItems: 1,
        minLength: 1,
        description: 'Audience (aud) that tokens must have. Default: the URL of the connection.',
      },
      jwks_uri: text('Where its keys are. Default: found by discovery.'),
      groups: object(
        {
          claim: {
            type: ['string', 'array'],
            items: { type: 'string', minLength: 1 },
            minItems: 1,
            minLength: 1,
            description: 'Name of the claim, a dotted path, or the parts of a path.',
          },
        },
        { required: ['claim'], description: 'Which claim holds the groups. Default: groups.' },
      ),
      clock_skew: duration('How far its clock may be off.', '30s'),
    },
    { required: ['issuer'], description: 'One OpenID Connect or OAuth issuer.' },
  )
}
