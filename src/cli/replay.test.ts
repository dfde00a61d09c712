import { describe, expect, it } from 'vitest'
import { replay } from './replay.ts'

describe('whoever replays', () => {
  it.each([
    [['--as', 'pdf'], /--as is one of html, asciicast, json, har/],
    [['--as', 'html', '--step'], /Only one of/],
    [['--step'], /needs a terminal/],
    [['--speed', 'fast'], /is no speed/],
    [['--only', 'loud'], /--only takes masked/],
    [['-o', 'x'], /needs a format/],
    [['--against', 'db'], /--against needs --policy/],
    [['--policy', 'p.yaml'], /needs the configuration/],
  ])('is told what is wrong with %j', async (options, says) => {
    await expect(replay(['ses_01', '--data', '/nowhere', ...options])).rejects.toThrow(says)
  })
})
