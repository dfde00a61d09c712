import { expect, it } from 'vitest'
import { isPlaceholder, isWords } from './random-look.ts'

it('words, names in code and numbers among them are not by chance', () => {
  for (const text of ['nexus-gpt4-key', 'Ed25519PrivateKey', 'ModelV4Result', 'getAuthToken', 'my_service'])
    expect([text, isWords(text)]).toEqual([text, true])
  for (const text of ['aXb9Qz7LmK2p', 'x9Kq-72hAz-Pq0'].map((part) => part + part))
    expect([text, isWords(text)]).toEqual([text, false])
})

it('a word for a password is a place-holder, a password is none', () => {
  for (const text of ['password', 'my-password', 'your_passwd', 'DbPasswort'])
    expect([text, isPlaceholder(text)]).toEqual([text, true])
  expect(isPlaceholder('hunter2hunter2')).toBe(false)
})

it('long rows of letters are judged as quickly as short ones', () => {
  // An expression with a repeated group in a repeated group took half a minute for 37 letters, and twice as long for each more.
  for (const unit of ['a', 'aB', 'Ab', 'a_', 'A', 'abC1']) {
    expect(isPlaceholder(`${unit.repeat(20_000)}!`)).toBe(false)
    expect(isWords(`${unit.repeat(20_000)}!`)).toBe(false)
  }
})
