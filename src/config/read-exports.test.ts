import { describe, expect, it } from 'vitest'
import { readYaml } from '../policy/yaml-source.ts'
import type { MainFile } from './main-file.ts'
import { readExports } from './read-exports.ts'

describe('exports of a configuration', () => {
  it('have defaults, and folders beside the file', () => {
    const { exports, mistakes } = read(
      '[{ folder: out }, { folder: /siem, format: cef, every: 10s, only: { who: ann } }]',
    )
    expect(mistakes).toEqual([])
    expect(exports).toEqual([
      { folder: '/etc/gw/out', format: 'jsonl', everyMs: 60_000, bodies: false, only: {} },
      { folder: '/siem', format: 'cef', everyMs: 10_000, bodies: false, only: { who: 'ann' } },
    ])
  })

  it.each([
    ['[{ folder: a }, { folder: ./a }]', 'two exports cannot share a folder'],
    ['[{ folder: data/out }]', 'this is in the data folder'],
    ['[{ folder: data }]', 'this is in the data folder'],
    ['[{ folder: a, every: 500ms }]', 'this must be at least 1s'],
    ['[{ folder: a, format: csv, bodies: true }]', 'only jsonl has a place for them'],
  ])('that say %s are a mistake', (text, says) => {
    expect(read(text).mistakes.map(({ message }) => message)).toEqual([says])
  })
})

function read(text: string) {
  const { documents } = readYaml(`audit: { exports: ${text} }`, 'sallyport.yaml')
  const [document] = documents
  if (document === undefined) throw new Error('there is no document')
  const mistakes: Parameters<typeof readExports>[1] = []
  const main = { document, entry: document.value, folder: '/etc/gw' } as unknown as MainFile
  return { exports: readExports(main, mistakes), mistakes }
}
