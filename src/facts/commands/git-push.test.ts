import { describe, expect, it } from 'vitest'
import type { CommandReading } from './command.ts'
import { run } from '../../../test/support/run-line.ts'

function git(line: string): CommandReading {
  return run(`git ${line}`)
}

describe('a forced, deleting or mirroring push is a flag of its own', () => {
  it.each([
    'push --force',
    'push -f origin main',
    'push -uf origin main',
    'push --force-with-lease',
    'push --force-with-lease=main:abc origin main',
    'push --force-if-includes',
    'push --forc origin main',
    'push --mirror',
    'push --prune origin',
    'push origin --delete main',
    'push -d origin main',
    'push origin +main',
    'push origin :main',
    '-C /x push --force',
  ])('git %s', (line) => {
    const { verbs, flags } = git(line)
    expect(flags).toContain('git_force')
    expect(verbs).toContain('write')
  })
})
