import { describe, expect, it } from 'vitest'
import { NAMED, valueFinder } from '../../../test/support/masking/values.ts'

const find = valueFinder()

describe('an e-mail address', () => {
  it.each([
    ['joe@example.com', 'joe@example.com'],
    ['joe@localhost', 'joe@localhost'],
    ['joe@corp.internal.', 'joe@corp.internal'],
    [String.raw`{"t":"a\njoe@example.com\nb"}`, 'joe@example.com'],
    [String.raw`{"t":"x\\tjoe@example.com"}`, 'joe@example.com'],
    ['to=joe+tag@mail.example.co.uk;', 'joe+tag@mail.example.co.uk'],
    ['<mailto:joe.bloggs@example.org>', 'joe.bloggs@example.org'],
    ["for o'brien@example.ie, today", "o'brien@example.ie"],
    ["'joe@example.com'", 'joe@example.com'],
    ['jörg.müller@bücher.example', 'jörg.müller@bücher.example'],
    ['joe@xn--bcher-kva.example', 'joe@xn--bcher-kva.example'],
    ['联系joe@example.com谢谢', 'joe@example.com'],
    ['joe_b@example.org:hunter2', 'joe_b@example.org'],
    ['JOE@EXAMPLE.COM', 'JOE@EXAMPLE.COM'],
    ['joe@163.com', 'joe@163.com'],
    ['joe@example.services', 'joe@example.services'],
    ['E<lt>joe@cpan.orgE<gt>', 'joe@cpan.org'],
    ['JOE@EXAMPLE.EE<br>', 'JOE@EXAMPLE.EE'],
  ])('is found in %s', (text, address) => expect(find(text, 'email')).toEqual([address]))

  it.each([
    'react@18.2.0',
    '@types/node@20.1.1',
    'next@1.2.x',
    'logo@2x.png',
    'git@github.com:org/repo.git',
    'ssh://git@host.example.com/repo',
    'https://user:pass-word@db.example.com/x',
    'joe@example..com x@',
    '@joe',
    'joe@ example.com',
  ])('is not in %s', (text) =>
    expect(find(text, 'email', NAMED).filter((found) => found !== 'joe@example')).toEqual([]),
  )

  it('that ends as names of units and files do needs a word near it', () => {
    const names = ['getty@tty1.service', 'user@1000.slice', 'icons-64x64@2.tar', 'ks_in@devanagari.utf8', 'de@euro.po']
    for (const name of names) expect(find(`x ${name} y`, 'email')).toEqual([])
    expect(find('email joe@corp.service', 'email')).toEqual(['joe@corp.service'])
  })

  it('at a machine without a domain needs a word near it', () => {
    expect(find('foo@latest', 'email')).toEqual([])
    expect(find('mail joe@mailserver now', 'email')).toEqual(['joe@mailserver'])
    expect(find('my email is info@example.', 'email')).toEqual([])
  })
})
