import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { COMMANDS_MAX, DEPTH_MAX, SHELL_BYTES_MAX } from '../facts.ts'
import { readShell } from './read.ts'

describe('a limit ends in `parsed: false`, and one less does not', () => {
  it('bytes', () => {
    const fits = `echo ${'a'.repeat(SHELL_BYTES_MAX - 5)}`
    expect(readShell(fits).parsed).toBe(true)
    expect(readShell(`${fits}a`)).toMatchObject({ parsed: false, error: expect.stringContaining('longer') })
    // Bytes of UTF-8, not characters.
    expect(readShell(`echo ${'é'.repeat(SHELL_BYTES_MAX / 2)}`).parsed).toBe(false)
  })

  it('commands', () => {
    expect(readShell('ls;'.repeat(COMMANDS_MAX))).toMatchObject({ parsed: true, verbs: ['read'] })
    expect(readShell('ls;'.repeat(COMMANDS_MAX + 1))).toMatchObject({ parsed: false, flags: ['too_deep'] })
  })

  it('substitutions', () => {
    expect(readShell(`echo ${'$(ls)'.repeat(256)}`)).toMatchObject({ parsed: true })
    expect(readShell(`echo ${'$(ls)'.repeat(257)}`)).toMatchObject({ parsed: false, flags: ['too_deep'] })
  })

  it('depth, of what is nested in any way', () => {
    for (const [open, close] of [
      ['( ', ')'],
      ['{ ', '; }'],
      ['echo $(', ')'],
      ['if ls; then ', '; fi'],
    ] as const) {
      const nested = (depth: number) => `${open.repeat(depth)}ls${close.repeat(depth)}`
      // The text itself and the command in the middle are levels, too.
      expect(readShell(nested(DEPTH_MAX - 2)).parsed).toBe(true)
      expect(readShell(nested(DEPTH_MAX - 1))).toMatchObject({
        parsed: false,
        flags: expect.arrayContaining(['too_deep']),
      })
    }
    expect(readShell(`${'timeout 1 '.repeat(DEPTH_MAX)}ls`)).toMatchObject({
      parsed: false,
      flags: expect.arrayContaining(['too_deep']),
    })
  })
})

describe('a text that is not what it seems is not read', () => {
  it.each([
    ['nothing', ''],
    ['only spaces', ' \n\t '],
    ['NUL', 'ls\0; rm x'],
    ['a control character', 'ls \u0001'],
    ['a mark of this reader', 'cat \u0004'],
    ['an escape sequence', 'ls \u001b[2K'],
    ['a lone carriage return', 'ls\rrm x'],
    ['half of a surrogate pair', 'echo \ud800'],
    ['a change of direction', 'echo \u202e x'],
    ['a zero-width character', 'l\u200bs'],
    ['an open quote', "echo 'a"],
    ['an open substitution', 'echo $(ls'],
    ['an open group', '{ ls'],
    ['a here-document without an end', 'cat <<EOF\nls'],
    ['broken syntax', 'if ls; fi'],
    ['broken code for a shell', "sh -c 'echo \"'"],
  ])('%s', (_, text) => {
    expect(readShell(text)).toMatchObject({ present: true, parsed: false })
    expect(readShell(text).error).not.toBe('')
  })

  it('an escape that makes a control character is no word that could be judged', () => {
    for (const text of [String.raw`cat $'\x01'`, String.raw`cat $'\4'`]) {
      expect(readShell(text).verbs).toContain('unknown')
    }
  })
})

const PIECES =
  '$( ` ( { [ [[ (( $(( ${ ${x:- <( >( << <<< <<a\n && || | ; & ! \' " \\ \n # = x= x=$x$x {a,b} {1..9} * ? ~ - -a / ../ if while for case in) do; then; done fi esac f(){ } ) ]] a rm ls $x "$x" coproc time eval sh@-c env xargs timeout@1 cd@a;cat@b; x=1&& x=1|| awk sed s/a/b/ [a @( $\' ${a[ é'
    .split(' ')
    .map((piece) => piece.replace('@', ' '))

describe('hostile texts', () => {
  it.each(PIECES)('%j, again and again, is read in bounded time', (piece) => {
    for (const text of [piece.repeat(4_096 / piece.length), `${piece} `.repeat(8_192 / (piece.length + 1))]) {
      expect(cpuMs(() => readShell(text))).toBeLessThan(MILLISECONDS_MAX)
    }
  })

  it('whatever stands together, nothing is thrown and the reader works afterwards', () => {
    let seed = 7
    const next = (limit: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * limit)
    }
    for (let i = 0; i < 2_000; i += 1) {
      const text = Array.from(
        { length: 1 + next(40) },
        () => `${PIECES[next(PIECES.length)]}${next(3) === 0 ? ' ' : ''}`,
      ).join('')
      expect(cpuMs(() => readShell(text))).toBeLessThan(MILLISECONDS_MAX)
    }
    expect(readShell('ls')).toMatchObject({ parsed: true, verbs: ['read'], programs: ['ls'] })
  })
})

/** Some ten times of what it takes on a slow machine, so that none fails. */
const MILLISECONDS_MAX = 500
