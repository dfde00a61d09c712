import type { Call, Judge } from './judge.ts'
import type { Effect } from './programs/effects.ts'

/** Judges a program that never only reads: its verbs, and the paths among its words. */
export function judgeEffect(effect: Effect, { words }: Call, judge: Judge): void {
  const { found } = judge
  found.verb(...effect.verbs)
  found.flag(...(effect.flags ?? []))
  const operands = words.filter((word) => !word.startsWith('-'))
  switch (effect.takes) {
    case 'targets':
      for (const path of operands) found.write(path)
      return
    case 'sources and target': {
      const target = targetOption(words) ?? operands.at(-1)
      if (target !== undefined) found.write(target)
      for (const path of operands) if (path !== target) found.read(path)
      return
    }
    case 'words':
      for (const word of words) found.mention(word)
  }
}

/** `cp -t folder file`. */
function targetOption(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '-t' || word === '--target-directory')
  if (at >= 0) return words[at + 1]
  return words.find((word) => word.startsWith('--target-directory='))?.slice('--target-directory='.length)
}
