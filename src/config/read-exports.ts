import { resolve, sep } from 'node:path'
import { parseDuration, SECOND_MS } from '../base/units.ts'
import type { Mistake } from '../policy/mistake.ts'
import type { ExportConfig } from './config.ts'
import type { MainFile } from './main-file.ts'

/** Exports, each into a folder of its own that is not one of the gateway's. */
export function readExports({ document, entry, folder: base }: MainFile, mistakes: Mistake[]): readonly ExportConfig[] {
  const seen = new Set<string>()
  const data = resolve(base, entry.data ?? 'data')
  return (entry.audit?.exports ?? []).map(
    ({ bodies = false, every = '1m', folder, format = 'jsonl', only = {} }, i) => {
      const at = ['audit', 'exports', i] as const
      const path = resolve(base, folder)
      const everyMs = parseDuration(every) ?? 0
      if (seen.has(path)) mistakes.push(document.at([...at, 'folder'], 'two exports cannot share a folder'))
      if (`${path}${sep}`.startsWith(`${data}${sep}`))
        mistakes.push(
          document.at(
            [...at, 'folder'],
            'this is in the data folder',
            'whoever collects files needs no access to that',
          ),
        )
      if (everyMs < SECOND_MS) mistakes.push(document.at([...at, 'every'], 'this must be at least 1s'))
      if (bodies && format !== 'jsonl')
        mistakes.push(
          document.at([...at, 'bodies'], 'only jsonl has a place for them', 'leave it out, or say format: jsonl'),
        )
      seen.add(path)
      return { folder: path, format, everyMs, bodies, only }
    },
  )
}
