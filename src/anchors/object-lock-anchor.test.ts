import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { LogInMemory } from '../../test/support/log-in-memory.ts'
import { startObjectStore } from '../../test/support/object-store.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { decodeUtf8 } from '../base/bytes.ts'
import { AnchorConflict } from './anchor.ts'
import { objectLockAnchor, type ObjectLockOptions } from './object-lock-anchor.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-26T13:00:00Z')

it('a head is put once, signed, with a checksum and a lock that nobody can lift', async () => {
  await using world = await setUp()
  await world.leave(world.log, 3)
  const [[key, stored] = []] = world.store.objects
  expect(key).toBe('/heads/gateway/example.com/log/checkpoint/0000000000000003')
  expect(decodeUtf8(stored?.body ?? new Uint8Array())).toBe(world.log.note(3))
  expect(stored?.headers).toMatchObject({
    'if-none-match': '*',
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': '2027-01-01T00:00:00Z',
  })
})

it('an answer that is lost is asked for again, and what is there already is success', async () => {
  await using world = await setUp()
  world.store.loseAnswers(1)
  await expect(world.leave(world.log, 3)).rejects.toThrow('was not reached')
  await world.leave(world.log, 3)
  expect(world.store.objects.size).toBe(1)
})

it('another history under the same size is a conflict, and the first stays', async () => {
  await using world = await setUp()
  await world.leave(world.log, 3)
  await expect(world.leave(world.log.fork(1, 'x', 'y'), 3)).rejects.toThrow(AnchorConflict)
  expect(decodeUtf8([...world.store.objects.values()][0]?.body ?? new Uint8Array())).toBe(world.log.note(3))
})

it('a wrong secret, a wrong region and a store that is away are told, and no secret is in what is told', async () => {
  await using world = await setUp()
  const wrong = [
    await world.failure({ secretAccessKey: 'wrong' }),
    await world.failure({ region: 'elsewhere' }),
    await world.failure({ endpoint: 'http://127.0.0.1:1' }),
  ]
  expect(wrong[0]).toContain('403 (SignatureDoesNotMatch)')
  expect(wrong[1]).toContain('403 (InvalidAccessKeyId)')
  expect(wrong[2]).toContain('was not reached')
  expect(wrong.join()).not.toContain(world.secret)
  expect(world.store.objects.size).toBe(0)
})

async function setUp() {
  const secret = randomBytes(30).toString('base64')
  const store = await startObjectStore({ testkey: secret })
  const options: ObjectLockOptions = {
    endpoint: store.endpoint,
    bucket: 'heads',
    region: store.region,
    prefix: 'gateway/',
    accessKeyId: 'testkey',
    secretAccessKey: secret,
    retainMs: 35 * DAY,
    nowMs: () => NOW,
  }
  const leave = async (log: LogInMemory, size: number, more: Partial<ObjectLockOptions> = {}) =>
    objectLockAnchor({ ...options, ...more }).leave(parseSignedCheckpoint(log.note(size)) as SignedCheckpoint)
  const log = new LogInMemory().append('a', 'b', 'c')
  return {
    store,
    log,
    secret,
    leave,
    failure: (more: Partial<ObjectLockOptions>) =>
      leave(log, 3, more).then(
        () => 'nothing',
        (error: Error) => error.message,
      ),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
