import type { ASTNode } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import type { GlobTest } from '../../base/name-glob.ts'
import { isTimeZone, WallClock } from '../../base/wall-clock.ts'
import { parseNetwork, type Network } from './cidr.ts'
import { faultAt, type Fault } from './fault.ts'
import { readTimestamp } from './functions.ts'
import { pathGlob } from './path-glob.ts'
import type { Prepared } from './run.ts'

/** A compiled pattern takes some 100 bytes per instruction; `(x{1000}){9}` is a typing mistake or an attack. */
const PATTERN_SIZE_MAX = 10_000

/** Checks what is written out in calls, and keeps what was made of it. */
export class Literals implements Prepared {
  readonly patterns = new Map<string, RE2JS>()
  readonly networks = new Map<string, Network>()
  readonly globs = new Map<string, GlobTest>()
  readonly clocks = new Map<string, WallClock>()

  /** A function and its arguments, without what stands before the dot. */
  take(name: string, args: readonly ASTNode[]): Fault | undefined {
    const [first, second] = args
    if (name === 're' && first !== undefined) return this.#pattern(first)
    if (name === 'inCidr' && second !== undefined) return this.#network(second)
    if (name === 'glob' && second !== undefined) return this.#glob(second)
    if (name === 'timestamp' && first !== undefined) return timestamp(first)
    if (name.startsWith('get') && first !== undefined) return this.#zone(first)
    return undefined
  }

  #pattern(node: ASTNode): Fault | undefined {
    const text = textOf(node)
    if (text === undefined) {
      return faultAt(node.start, 're() needs its pattern written out', 'such as .re(r"^rm\\s"): it is compiled at load')
    }
    try {
      const pattern = RE2JS.compile(text)
      if (pattern.programSize() > PATTERN_SIZE_MAX) return faultAt(node.start, 'the pattern is too large')
      this.patterns.set(text, pattern)
      return undefined
    } catch (error) {
      const message = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unreadable'
      return faultAt(node.start, `the pattern of re() is not RE2: ${message}`, patternHint(text))
    }
  }

  #network(node: ASTNode): Fault | undefined {
    const text = textOf(node)
    if (text === undefined) return faultAt(node.start, 'inCidr() needs its network written out', CIDR_HINT)
    const network = parseNetwork(text)
    if (typeof network === 'string') return faultAt(node.start, network, CIDR_HINT)
    this.networks.set(text, network)
    return undefined
  }

  #glob(node: ASTNode): Fault | undefined {
    const text = textOf(node)
    if (text !== undefined) this.globs.set(text, pathGlob(text))
    return undefined
  }

  #zone(node: ASTNode): Fault | undefined {
    const text = textOf(node)
    if (text === undefined) return faultAt(node.start, 'a time zone is written out', ZONE_HINT)
    if (!isTimeZone(text)) return faultAt(node.start, `"${text}" is no time zone`, ZONE_HINT)
    this.clocks.set(text, new WallClock(text))
    return undefined
  }
}

const CIDR_HINT = 'such as inCidr(address, "10.0.0.0/8") or "fd00::/8"'
const ZONE_HINT = 'such as "Europe/Berlin"; without one, it is the time zone of the policy'

function timestamp(node: ASTNode): Fault | undefined {
  const text = textOf(node)
  if (text === undefined) return undefined
  try {
    readTimestamp(text)
    return undefined
  } catch {
    return faultAt(node.start, `"${text}" is no timestamp`, 'such as "2026-12-24T18:00:00Z" or "…+01:00"')
  }
}

function patternHint(text: string): string {
  return /\(\?<?[=!]|\\[1-9]/.test(text)
    ? 'RE2 has no look-around and no back-references, so that no text can make it slow'
    : 'see github.com/google/re2/wiki/Syntax; in r"…" a backslash stands for itself'
}

export function textOf(node: ASTNode): string | undefined {
  return node.op === 'value' && typeof node.args === 'string' ? node.args : undefined
}
