import { describe, expect, it } from 'vitest'
import { LogDamage } from '../../src/store/segments/damage.ts'
import { saltCrc } from '../../src/store/segments/frame.ts'
import { HEADER_BYTES } from '../../src/store/segments/header.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { mendFrame, smallLog } from './audit-small-log.ts'

describe('a commit that is torn at any byte', () => {
  it('is dropped, and everything before it is there', async () => {
    using world = await smallLog()
    const { commits, last } = world
    for (let cut = last.at; cut < last.next; cut++) {
      world.write((bytes) => bytes.fill(0, cut))
      // A cut among the zeros that pad the footer takes nothing away.
      const whole = world.bytes.subarray(cut, last.next).every((byte) => byte === 0)
      const expected = whole ? last : commits.at(-2)
      expect(world.recover()?.last.lastSeq, `cut at ${cut}`).toBe(expected?.lastSeq)
    }
  })

  it('is dropped where only its middle is missing', async () => {
    using world = await smallLog()
    const { commits, last } = world
    for (let hole = last.at; hole < last.next - 512; hole += 8) {
      world.write((bytes) => bytes.fill(0, hole, hole + 512))
      expect(world.recover()?.last.lastSeq, `hole at ${hole}`).toBe(commits.at(-2)?.lastSeq)
    }
  })
})

describe('a bit that was flipped', () => {
  it('in acknowledged records stops the start, wherever it is', async () => {
    using world = await smallLog()
    const { last } = world
    for (let at = HEADER_BYTES; at < last.at; at++) {
      world.write((bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at))
      expect(() => world.recover(), `flipped at ${at}`).toThrow(LogDamage)
    }
  })

  it('anywhere in the log is found by verification', async () => {
    using world = await smallLog()
    for (let at = 0; at < world.last.next; at++) {
      world.write((bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at))
      // Of the newest commit too: it cannot be told from one that was cut off, but a head was signed over it.
      expect(world.verify(), `flipped at ${at}`).not.toEqual([])
    }
    world.write(() => {})
    expect(verifyFolder(world.folder.path)).toMatchObject({ ok: true, tornTail: undefined })
  })

  it('with every checksum made right again is found by the tree and the commitments', async () => {
    using world = await smallLog()
    const { commits, header } = world
    const salt = saltCrc(header.salt)
    for (const commit of commits.slice(0, -1))
      for (const record of commit.records)
        for (let at = 0; at < record.body.length; at += 2) {
          const offset = record.at + 24 + at
          world.write((bytes) => {
            bytes.writeUInt8(bytes.readUInt8(offset) ^ 0x10, offset)
            mendFrame(bytes, record.at, salt)
          })
          expect(world.verify(), `record ${record.seq}, byte ${at}`).not.toEqual([])
        }
  })
})
