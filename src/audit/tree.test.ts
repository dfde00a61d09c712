import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, encodeUtf8, toHex } from '../base/bytes.ts'
import { sha256 } from './hash.ts'
import { CompactRange, emptyRoot, leafHash } from './tree.ts'

describe('the tree', () => {
  it('of nothing has the hash of nothing', () => {
    expect(toHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(toHex(new CompactRange().root())).toBe(toHex(emptyRoot()))
  })

  it('gives the known answers of Certificate Transparency', () => {
    // The eight leaves and roots of the test data of RFC 6962 implementations.
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const tree = new CompactRange()
    for (const hex of data)
      tree.append(leafHash(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))))
    expect(toHex(tree.root())).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
  })

  it('has the root that RFC 6962 section 2.1 defines, at every size, however it was cut and continued', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), fc.nat(70), (data, cut) => {
        const leaves = data.map((text) => leafHash(encodeUtf8(text)))
        let tree = new CompactRange()
        for (const [i, leaf] of leaves.entries()) {
          if (i === cut) tree = new CompactRange(tree.size, tree.hashes)
          tree.append(leaf)
          expect(toHex(tree.root())).toBe(toHex(rootByDefinition(leaves.slice(0, i + 1))))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('keeps one hash for each bit of its size', () => {
    expect(() => new CompactRange(3, [emptyRoot()])).toThrow('one hash for each bit')
  })
})

function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return emptyRoot()
  if (leaves.length === 1) return only
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(concat([Uint8Array.of(1), rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k))]))
}
