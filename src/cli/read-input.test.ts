import { expect, it } from 'vitest'
import { waiting } from './read-input.ts'

it('tells whoever sits at a terminal that it waits for them, and nobody else', () => {
  expect(waiting('-', true)).toBe('Reading standard input; Ctrl-D ends it.')
  expect(waiting('-', false)).toBeUndefined()
  expect(waiting('note.txt', true)).toBeUndefined()
})
