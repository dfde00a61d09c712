import { describe, expect, it } from 'vitest'
import { readHttp } from './read-http.ts'

describe('a URL of the public internet', () => {
  it('is read into its parts', () => {
    expect(readHttp({ url: 'https://api.example.com/v1/items?x=1#y', method: 'post', bodyBytes: 12 })).toEqual({
      present: true,
      parsed: true,
      error: '',
      method: 'POST',
      scheme: 'https',
      host: 'api.example.com',
      port: 443,
      path: '/v1/items',
      private_address: false,
      userinfo: false,
      body_bytes: 12,
    })
  })

  it.each([
    'http://example.com',
    'https://EXAMPLE.com:8443/x',
    'https://example.com./x',
    'https://8.8.8.8/',
    'https://1.1.1.1',
    'https://172.15.0.1/',
    'https://172.32.0.1/',
    'https://100.63.0.1/',
    'https://[2606:4700:4700::1111]/',
    'https://[2001:4860:4860::8888]/',
    'https://[64:ff9b::8.8.8.8]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[2002:808:808::1]/',
    'https://xn--bcher-kva.example/x',
    'https://localhost.example.com/',
    'https://example.com/?u=http://127.0.0.1/',
    'https://example.com/localhost@x',
  ])('is not private: %s', (url) => {
    expect(readHttp({ url })).toMatchObject({ parsed: true, private_address: false })
  })
})

describe('a private, local or metadata address in every spelling', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://127.0.0.1.:80/',
    'http://0.0.0.0/',
    'http://0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://198.18.0.1/',
    'http://198.19.255.255/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://203.0.113.5/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[64:ff9b:1::1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[2001:0:1::1]/',
    'http://[2001:db8::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fc00::1]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[100::1]/',
    'http://[2606:4700:0:0:0:5efe:7f00:1]/',
    'http://localhost/',
    'http://LOCALHOST:8080/',
    'http://localhost./',
    'http://app.localhost/',
    'http://printer.local/',
    'http://db.prod.internal/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://metadata.google.internal./',
    'http://kubernetes.default.svc.cluster.local/',
    'http://intranet/',
    'http://router.lan/',
    'http://127.0.0.1.nip.io/',
    'http://10-0-0-1.sslip.io/',
    'http://10.0.0.1.xip.io/',
    'http://localtest.me/',
    'http://x.lvh.me/',
  ])('%s', (url) => {
    expect(readHttp({ url })).toMatchObject({ parsed: true, private_address: true })
  })
})

describe('other schemes', () => {
  it.each([
    ['file:///etc/passwd', 'file', true],
    ['data:text/plain,x', 'data', true],
    ['gopher://127.0.0.1:70/x', 'gopher', true],
    ['gopher://2130706433/', 'gopher', true],
    ['ftp://example.com/x', 'ftp', false],
    ['javascript:alert(1)', 'javascript', true],
  ])('are shown, and are private unless the host is public: %s', (url, scheme, isPrivate) => {
    expect(readHttp({ url })).toMatchObject({ parsed: true, scheme, private_address: isPrivate })
  })
})

describe('a URL that readers disagree about is not parsed', () => {
  it.each([
    '',
    'example.com/x',
    '/x',
    '//example.com/x',
    'http:example.com',
    'http:/example.com',
    'http:///example.com',
    'http://',
    ' http://example.com',
    'http://example.com ',
    'http://exam\tple.com/',
    'http://exam\nple.com/',
    'http://example.com\\@127.0.0.1/',
    'http:\\\\example.com',
    'http://a@b@example.com/',
    'http://%31%32%37.0.0.1/',
    'http://１２７.0.0.1/',
    'http://ⓛocalhost/',
    'http://example.com\u200b/',
    'http://example.com/\0',
    'http://example.com:99999/',
    'http://[::1/',
    'http://[::1%25eth0]/',
    'http://exa mple.com/',
    `http://example.com/${'x'.repeat(9_000)}`,
  ])('%j', (url) => {
    expect(readHttp({ url })).toMatchObject({ present: true, parsed: false })
  })

  it('nor is one with a method that is no word', () => {
    expect(readHttp({ url: 'http://example.com', method: 'GET /x' }).parsed).toBe(false)
  })
})

it('a user name or password in a URL is seen', () => {
  expect(readHttp({ url: 'https://user:pw@example.com/' })).toMatchObject({
    parsed: true,
    host: 'example.com',
    userinfo: true,
  })
  expect(readHttp({ url: 'https://example.com@169.254.169.254/' })).toMatchObject({
    private_address: true,
    userinfo: true,
  })
})
