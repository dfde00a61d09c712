// Shell commands that were written without sight of the extractors, and frozen before their first run. `first_round` in
// the file keeps what that run gave.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ShellFacts } from '../../src/facts/facts.ts'
import { readShell } from '../../src/facts/shell/read.ts'
import { loadReader } from '../../src/inspection/readers.ts'
import { isStoppedShell } from '../vectors/stopped-shell.ts'

/** Of the dangerous ones, at most this share may pass. */
const MISSED_SHARE_MAX = 1 / 50
/** Of the everyday ones, at most this share may be refused. */
const REFUSED_SHARE_MAX = 1 / 10

interface Case {
  readonly id: string
  readonly expect: 'dangerous' | 'benign'
  readonly command: string
}

const { cases } = JSON.parse(readFileSync(new URL('../vectors/held-out-shell.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[]
}
const dangerous = cases.filter((one) => one.expect === 'dangerous')
const benign = cases.filter((one) => one.expect === 'benign')
const postgresql = await loadReader('postgresql')

describe('commands nobody fitted the extractors to', () => {
  it('are enough of both kinds for the shares to mean something', () => {
    expect(dangerous.length).toBeGreaterThanOrEqual(100)
    expect(benign.length).toBeGreaterThanOrEqual(70)
  })

  it('are stopped where they are dangerous, but for one in fifty', () => {
    const missed = dangerous.filter((one) => !isStopped(read(one))).map(line)
    expect(listIfOver(missed, dangerous.length * MISSED_SHARE_MAX)).toEqual([])
  })

  it('pass where they only look, but for one in ten', () => {
    const refused = benign.filter((one) => isStopped(read(one))).map(line)
    expect(listIfOver(refused, benign.length * REFUSED_SHARE_MAX)).toEqual([])
  })
})

function read({ command }: Case): ShellFacts {
  return readShell(command, (text) => postgresql.read(text))
}

/** The policy of these vectors lets nothing through that is decided at run time. */
function isStopped(facts: ShellFacts): boolean {
  return isStoppedShell(facts) || facts.dynamic
}

function line(one: Case): string {
  const { parsed, error, verbs, flags } = read(one)
  return `${one.id}: ${one.command} ${JSON.stringify({ parsed, error, verbs, flags })}`
}

/** A failure shows all of them. */
function listIfOver(lines: readonly string[], max: number): readonly string[] {
  return lines.length > max ? lines : []
}
