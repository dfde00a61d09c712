// Commands that people give every day, and commands that do harm, each far more than the vectors have. One a line;
// a newline in a command is written as a return sign.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isStoppedShell } from '../../../test/vectors/stopped-shell.ts'
import { loadPostgresReader } from '../sql/postgres/read-postgres.ts'
import { readShell } from './read.ts'

const postgres = await loadPostgresReader()

describe('everyday commands pass', () => {
  it.each(byProgram('everyday.txt'))('%s', (_, commands) => {
    expect(commands.filter((command) => isStopped(command))).toEqual([])
  })
})

describe('commands that do harm are stopped', () => {
  it.each(byProgram('dangerous.txt'))('%s', (_, commands) => {
    expect(commands.filter((command) => !isStopped(command))).toEqual([])
  })
})

it('there are enough of both to tell something', () => {
  expect(count('everyday.txt')).toBeGreaterThan(500)
  expect(count('dangerous.txt')).toBeGreaterThan(1_000)
})

function isStopped(command: string): boolean {
  return isStoppedShell(readShell(command, (text) => postgres.read(text)))
}

function byProgram(file: string): [string, string[]][] {
  return [...Map.groupBy(linesOf(file), (command) => /^[\w.-]+/.exec(command)?.[0] ?? 'other')]
}

function count(file: string): number {
  return linesOf(file).length
}

function linesOf(file: string): string[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('⏎', '\n'))
}
