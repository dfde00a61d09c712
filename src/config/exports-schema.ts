import type { Schema } from '../policy/check-shape.ts'
import { EXPORT_FORMATS } from './config.ts'
import { duration, object, text } from './schema-parts.ts'

/** `exports` of `audit`: folders that records are written to. */
export function exportsSchema(): Schema {
  return {
    exports: {
      type: 'array',
      items: object(
        {
          folder: text('Where the files go, one for each batch; relative to this file.'),
          format: { enum: [...EXPORT_FORMATS], default: 'jsonl', description: `${EXPORT_FORMATS.join(', ')}.` },
          every: duration('How long records are gathered for a file.', '1m'),
          bodies: { type: 'boolean', default: false, description: 'jsonl: with requests and responses, masked.' },
          only: object(
            {
              connection: text('Name of a connection.'),
              who: text('Subject or e-mail.'),
              decision: { enum: ['allow', 'deny', 'approve', 'error'], description: 'allow, deny, approve or error.' },
              kind: text('Kind of record, such as refused.'),
            },
            { description: 'Which records; all of it must hold. Default: every record.' },
          ),
        },
        { required: ['folder'], description: 'One export. See docs/export.md.' },
      ),
      description: 'Folders that records are exported to as they come. Default: none.',
    },
  }
}
