import { generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { noteSigner } from './note-signature.ts'
import { SIGNATURE_TYPE, type SignatureType, writeVerifierKey } from './note-key.ts'
import { parseTrustPolicy, printTrustPolicy } from './trust-policy.ts'

const { ed25519, cosignature, mlDsa44 } = SIGNATURE_TYPE
const LOG = keyText('example.com/log', ed25519)
const [X1, X2, X3, Y1] = ['x1', 'x2', 'x3', 'y1'].map((name) => keyText(`${name}.example`, cosignature))

/** The example of the specification, with one witness fewer. */
const EXAMPLE = `log ${LOG}

witness X1 ${X1}
witness X2 ${X2} https://x2.example/prefix
witness X3 ${X3}
group X-witnesses 2 X1 X2 X3

\twitness\tY1  ${Y1}
  # two organisations
group Y-witnesses any Y1
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

describe('a trust policy', () => {
  it('is read as the specification writes it, and printed so that it is read again as the same', () => {
    const policy = read(EXAMPLE)
    expect(policy.logs.map(({ key }) => key.name)).toEqual(['example.com/log'])
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['X1', undefined],
      ['X2', 'https://x2.example/prefix'],
      ['X3', undefined],
      ['Y1', undefined],
    ])
    expect(policy.quorum).toMatchObject({ name: 'X-and-Y', least: 2, members: [{ least: 2 }, { least: 1 }] })
    expect(read(printTrustPolicy(policy))).toEqual(policy)
  })

  it('may ask for no cosignature at all, but has to say so', () => {
    expect(read('quorum none\n')).toEqual({ logs: [], witnesses: [], quorum: { kind: 'none' } })
    expect(mistakes('')).toEqual(['1: there is no quorum line'])
  })

  it('may end without a newline, and takes ML-DSA keys of logs and witnesses', () => {
    const policy = read(`log ${keyText('l', mlDsa44)}\nwitness W ${keyText('w', mlDsa44)}\nquorum W`)
    expect(policy.witnesses[0]?.key.type).toBe(mlDsa44)
  })

  it('takes two spellings of one letter for two names', () => {
    const kelvin = '\u212a'
    expect(mistakes(`witness K ${X1}\nwitness ${kelvin} ${X2}\nquorum ${kelvin}\n`)).toEqual([])
  })

  it.each<[string, string, string]>([
    ['an unknown line', 'log_ x\nquorum none', '1: "log_" is no line of a policy'],
    ['a carriage return', 'quorum none\r\n', '1: the line holds the control character 0x0d'],
    [
      'a key whose id is wrong',
      `log ${LOG.replace('+', '+0').replace(/(?<=\+0.{7})./, '')}\nquorum none`,
      '1: the key is not',
    ],
    ['a key with one letter changed', `log ${LOG.slice(0, -3)}AA=\nquorum none`, '1: the key is not'],
    ['the key of a witness as a log', `log ${X1}\nquorum none`, '1: the key is of type 4, which is not that of a log'],
    ['the key of a log as a witness', `witness W ${LOG}\nquorum W`, '1: the key is of type 1'],
    ['a log twice', `log ${LOG}\nlog ${LOG}\nquorum none`, '2: this log stands here twice'],
    ['a witness twice', `witness A ${X1}\nwitness B ${X1}\nquorum A`, '2: another witness has the same public key'],
    ['a name twice', `witness A ${X1}\nwitness A ${X2}\nquorum A`, '2: the name "A" is taken'],
    ['a witness named none', `witness none ${X1}\nquorum none`, '1: the name "none" is taken'],
    ['a group of nobody', `witness A ${X1}\ngroup G any\nquorum A`, '2: a group is'],
    ['none in a group', 'group G any none\nquorum G', '1: "none" is no member'],
    ['a threshold of 0', `witness A ${X1}\ngroup G 0 A\nquorum G`, '2: "0" is not how many of 1 are enough'],
    ['a threshold above the members', `witness A ${X1}\ngroup G 2 A\nquorum G`, '2: "2" is not how many of 1'],
    ['a threshold with a zero before it', `witness A ${X1}\ngroup G 01 A\nquorum G`, '2: "01" is not how many'],
    ['a member twice', `witness A ${X1}\ngroup G 2 A A\nquorum G`, '2: "A" is in "G" already'],
    ['a member of two groups', `witness A ${X1}\ngroup G all A\ngroup H all A\nquorum H`, '3: "A" is in "G" already'],
    ['a group within itself', 'group G any G\nquorum G', '1: "G" is not defined above'],
    ['a quorum before its witness', `quorum A\nwitness A ${X1}`, '1: "A" is not defined above'],
    ['two quorums', 'quorum none\nquorum none', '2: there is a quorum line already'],
    ['a quorum of two words', `witness A ${X1}\nquorum A A`, '2: a quorum is "quorum NAME"'],
    ['a log with three words', `log ${LOG} https://a b\nquorum none`, '1: a log is "log KEY [URL]"'],
  ])('with %s is refused, with its line', (_, text, first) => {
    expect(mistakes(text)[0]).toContain(first)
  })

  it('tells every mistake at once, each with what to do', () => {
    const result = parseTrustPolicy(encodeUtf8('log a\nwitness B c\nfoo\n'))
    expect(result.kind === 'mistakes' && result.mistakes.map(({ line }) => line)).toEqual([1, 2, 3])
    expect(result.kind === 'mistakes' && result.mistakes.every((one) => one.do.length > 10)).toBe(true)
  })

  it('is read or refused with lines, whatever stands in the file', () => {
    const words = [
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'any',
      'all',
      '2',
      'A',
      'B',
      LOG,
      X1 ?? '',
      '#',
      '\t',
      '\n',
      '\0',
    ]
    const text = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((all) => all.join(' '))
    const bytes = fc.oneof(text.map(encodeUtf8), fc.uint8Array({ maxLength: 200 }))
    expect(fc.check(fc.property(bytes, isReadOrRefused), { numRuns: 2000 }).failed).toBe(false)
  })

  it('is not read without an end', () => {
    expect(mistakes('#\n'.repeat(2000))[0]).toContain('longer than')
    expect(mistakes('#'.repeat(2_000_000))[0]).toContain('longer than')
  })
})

/** Mistakes, or a policy that is the same once it was printed. */
function isReadOrRefused(file: Uint8Array): boolean {
  const result = parseTrustPolicy(file)
  if (result.kind === 'mistakes') return result.mistakes.length > 0
  return parseTrustPolicy(encodeUtf8(printTrustPolicy(result.policy))).kind === 'policy'
}

function keyText(name: string, type: SignatureType): string {
  const { privateKey } = type === mlDsa44 ? generateKeyPairSync('ml-dsa-44') : generateKeyPairSync('ed25519')
  return writeVerifierKey(noteSigner(name, type, privateKey).key)
}

function read(text: string) {
  const result = parseTrustPolicy(encodeUtf8(text))
  if (result.kind === 'mistakes') throw new Error(JSON.stringify(result.mistakes))
  return result.policy
}

function mistakes(text: string): string[] {
  const result = parseTrustPolicy(encodeUtf8(text))
  return result.kind === 'policy' ? [] : result.mistakes.map(({ line, what }) => `${line}: ${what}`)
}
