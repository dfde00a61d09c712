import type { Schema } from '../policy/check-shape.ts'
import { duration, object, text } from './schema-parts.ts'

const SECRET = { type: 'string', pattern: '^(\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}|file:.+)$' } as const

/** `witnesses` and `anchors` of `audit`: who outside keeps heads of the log. */
export function outsidersSchema(): Schema {
  return {
    witnesses: object(
      {
        policy: text('The trust policy with the witnesses and their URLs; relative to this file. See docs/witness.md.'),
        every: duration('How often the newest head is handed to the witnesses, while there is something new.', '10s'),
        at_most: duration('Without a quorum for so long there is an alert.', '60s'),
      },
      { required: ['policy'], description: 'Witnesses that cosign the heads of the log. Default: none.' },
    ),
    anchors: {
      type: 'array',
      items: anchor(),
      description: 'Places where heads of the log are left. Default: none.',
    },
  }
}

function anchor(): Schema {
  return object(
    {
      kind: { enum: ['file', 'rfc3161', 'object-lock'], description: 'file, rfc3161 or object-lock.' },
      every: duration('How often, while there is something new. Default: 1m, rfc3161 1d.', '1m'),
      path: text('file: where heads are appended; relative to this file.'),
      url: text('rfc3161: the time-stamping authority.'),
      ca: text('rfc3161: a PEM file with the certificates that are believed; relative to this file.'),
      endpoint: text('object-lock: URL of the store, such as https://s3.eu-central-1.amazonaws.com.'),
      bucket: text('object-lock: the bucket, made with Object Lock.'),
      region: text('object-lock: its region.', { default: 'us-east-1' }),
      prefix: text('object-lock: what the names of objects begin with.'),
      retain: duration('object-lock: how long nobody can delete a head.', '400d'),
      access_key_id: {
        ...SECRET,
        description: 'object-lock: where the id of the key stands: ${env:NAME} or file:PATH.',
      },
      secret_access_key: { ...SECRET, description: 'object-lock: where its secret stands: ${env:NAME} or file:PATH.' },
    },
    { required: ['kind'], description: 'One anchor.' },
  )
}
