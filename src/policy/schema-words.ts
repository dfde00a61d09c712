import type { Schema } from './check-shape.ts'

// Pieces that the schemas of policies are put together from. Each says in words what belongs there: a mistake shows them.

export function text(description: string): Schema {
  return { type: 'string', minLength: 1, maxLength: 4096, description }
}

export function texts(description: string, itemDescription: string): Schema {
  return { type: 'array', minItems: 1, maxItems: 1000, items: text(itemDescription), description }
}

export function glob(description: string): Schema {
  return { type: 'string', minLength: 1, maxLength: 256, description }
}

export function globs(description: string): Schema {
  return { type: 'array', minItems: 1, maxItems: 1000, items: glob(description), description }
}

/** A map with known keys only. */
export function record(description: string, properties: Readonly<Record<string, Schema>>, required: string[]): Schema {
  return { type: 'object', description, required, additionalProperties: false, properties }
}

export function conditions(description: string): Schema {
  return {
    ...record(
      description,
      {
        connections: connections(),
        tools: globs('Globs on names of tools; * is any text.'),
        prompts: globs('Globs on names of prompts; * is any text.'),
        resources: globs('Globs on resource URIs; * stays inside a path segment, ** crosses segments.'),
        groups: texts('Readable group names.', 'A name from groups.'),
      },
      [],
    ),
    minProperties: 1,
  }
}

export function connections(): Schema {
  return {
    type: ['array', 'object'],
    minItems: 1,
    minProperties: 1,
    items: glob('Name of a connection, or a glob.'),
    additionalProperties: {
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      items: text('A value of the label.'),
      description: 'Value of the label, or a list of which any fits.',
    },
    description: 'A list of names and globs, or labels that the connection must all have.',
  }
}
