import { expect, it } from 'vitest'
import { readCookie, setCookie } from './cookies.ts'

it('is for one host, by https alone, where there is https', () => {
  expect(setCookie('session', 'abc', 'https://mcp.example.com')).toEqual([
    'Set-Cookie',
    '__Host-sallyport-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure',
  ])
  expect(setCookie('login', undefined, 'http://127.0.0.1:7070')[1]).toBe(
    'sallyport-login=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
  )
})

it('is not read where there are two, or none, or one of another name', () => {
  const base = 'https://mcp.example.com'
  expect(readCookie('a=1; __Host-sallyport-session=abc; b=2', 'session', base)).toBe('abc')
  expect(readCookie('__Host-sallyport-session=abc; __Host-sallyport-session=def', 'session', base)).toBeUndefined()
  expect(readCookie('sallyport-session=abc', 'session', base)).toBeUndefined()
  expect(readCookie(undefined, 'session', base)).toBeUndefined()
})
