import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { readCommand } from './command.ts'
import { has, options, scan, valueOf } from './options.ts'
import { splitWords } from './words.ts'

describe('a command line is split as a POSIX shell splits it', () => {
  it.each<[string, string[]]>([
    ['a b  c', ['a', 'b', 'c']],
    ['\ta\t', ['a']],
    ['', []],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`''`, ['']],
    [`a\\ b`, ['a b']],
    [`"a\\"b\\\\c\\d"`, ['a"b\\c\\d']],
    [`'a;b|c$d'`, ['a;b|c$d']],
    [`-o jsonpath={.items[*].name}`, ['-o', 'jsonpath={.items[*].name}']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual({ kind: 'words', words })
  })

  it.each([
    'a;b',
    'a&b',
    'a|b',
    'a$b',
    'a`b`',
    'a<b',
    'a>b',
    '(a)',
    'a\nb',
    'a\rb',
    '"a$b"',
    '"a`b"',
    "'a",
    '"a',
    'a\\',
    '#a',
    'x={a,b}',
    '{1..3}',
    'a\u202eb',
  ])('and refused where a shell would do more: %j', (text) => {
    expect(splitWords(text)).toMatchObject({ kind: 'refused' })
  })
})

describe('options are read against a table', () => {
  const table = options('-a --all -n= --name= --color=? -#')

  it('with values attached or as the next word, and in clusters', () => {
    const scanned = scan(['-a', '-n', 'x', '--name=y', '-nz', '-an', 'w', '--color', '-5', 'word', '--', '-a'], [table])
    expect(scanned).toMatchObject({ words: ['word'], rest: ['-a'], strange: [], dynamic: false })
    expect(scanned.found.map(({ name, value }) => `${name} ${value ?? ''}`)).toEqual([
      '-a ',
      '-n x',
      '--name y',
      '-n z',
      '-a ',
      '-n w',
      '--color ',
      '-# 5',
    ])
    expect(valueOf(scanned, '-n')).toBe('w')
  })

  it.each([['--al'], ['--all=maybe'], ['-ab'], ['--name'], ['-n', '--all'], ['-n', '--'], ['--other']])(
    'and are strange otherwise: %j',
    (...words) => {
      expect(scan(words, [table]).strange).toHaveLength(1)
    },
  )

  it('and may be switched off', () => {
    expect(has(scan(['--all'], [table]), '--all')).toBe(true)
    expect(has(scan(['--all=false'], [table]), '--all')).toBe(false)
  })

  it('and a word that is known at run time only may be any of them', () => {
    expect(scan([undefined], [table]).dynamic).toBe(true)
    expect(scan(['-n', undefined], [table]).dynamic).toBe(true)
  })
})

describe('hostile words are read in no time', () => {
  const programs = ['git', 'kubectl', 'helm', 'docker', 'terraform', 'aws', 'gcloud', 'gsutil', 'bq', 'az', 'gh']
  const pieces = [
    'compute',
    'get',
    '-C x',
    '-n',
    '--',
    'remote',
    '-c a=b',
    'compose',
    'a:b',
    '+x:y',
    '{,',
    ',',
    '=',
    '-',
    'file://',
    'run',
    'storage account',
    'secret,',
    'a.',
  ]

  it.each(programs)('by the reader of %s', (program) => {
    for (const piece of pieces) {
      for (const glue of ['', ' ']) {
        const split = splitWords(`${piece}${glue}`.repeat(Math.floor(16_000 / (piece.length + glue.length))))
        const words = split.kind === 'words' ? split.words : []
        // 100 ms is the deadline of a worker; the slack is for a slow machine.
        expect(cpuMs(() => readCommand(program, words))).toBeLessThan(200)
      }
    }
  })
})
