import type { Schema } from '../policy/check-shape.ts'
import { INDEX_MODES } from './config.ts'
import { list, object, text } from './schema-parts.ts'

/** `audit.index`. */
export function indexSchema(): Schema {
  return object(
    {
      mode: {
        type: 'string',
        enum: INDEX_MODES,
        default: 'full',
        description:
          'What the search index has: everything; metadata: fields, and no word of requests and replies; off: there is none.',
      },
    },
    { description: 'The search index.' },
  )
}

/** `audit.view`. */
export function viewSchema(): Schema {
  return object(
    {
      auditors: list(text('A group, as it stands in access tokens.'), 'Groups that may search everything.'),
      own_sessions: {
        type: 'boolean',
        default: true,
        description: 'Whether everybody who can log in may search what they did themselves.',
      },
      connections: list(
        object(
          {
            groups: list(text('A group.'), 'Who.'),
            connections: list(text('A name of a connection; * is any text.'), 'What passed these.'),
          },
          { required: ['groups', 'connections'], description: 'A part of the log for some groups.' },
        ),
        'Who may search what passed which connections, whoever called.',
      ),
    },
    { description: 'Who may search what was recorded, at /api/v1/search.' },
  )
}
