// A witness that is killed in the middle of a request, started again over its folder.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { writeVerifierKey } from '../../src/audit/note-key.ts'
import { LogInMemory } from '../support/log-in-memory.ts'
import { type Program, startProgram } from '../support/process.ts'

it('killed after a head was kept and before the answer, it stands by that head and cosigns no other history', async () => {
  await using world = setUp()
  const { log } = world
  expect(await world.add(log.request(0, 3), 'never')).toMatchObject({ status: 200 })
  expect(await world.add(log.request(3, 6), 'before the answer')).toBe('no answer')
  const fork = log.fork(3, 'another', 'history', 'now')
  expect(await world.add(fork.request(3), 'never')).toMatchObject({ status: 409, text: '6\n' })
  expect(await world.add(fork.request(6), 'never')).toMatchObject({ status: 422 })
  // The log asks again, from where the witness says that it stands.
  expect(await world.add(log.request(6, 6), 'never')).toMatchObject({ status: 200 })
})

it('killed before a head was kept, it has forgotten that it was asked', async () => {
  await using world = setUp()
  const { log } = world
  expect(await world.add(log.request(0, 3), 'never')).toMatchObject({ status: 200 })
  expect(await world.add(log.request(3, 6), 'before it is kept')).toBe('no answer')
  expect(await world.add(log.request(0, 6), 'never')).toMatchObject({ status: 409, text: '3\n' })
  expect(await world.add(log.request(3, 6), 'never')).toMatchObject({ status: 200 })
})

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-witness-'))
  const log = new LogInMemory().append('0', '1', '2', '3', '4', '5')
  const running: Program[] = []
  const start = async (when: string) => {
    const child = fileURLToPath(new URL('./witness-crash-child.ts', import.meta.url))
    const args = [child, folder, writeVerifierKey(log.signer.key), when]
    const program = await startProgram({ args })
    running.push(program)
    return program
  }
  return {
    log,
    /** Asks a witness that was started for this one request. */
    add: async (body: string, when: 'never' | 'before the answer' | 'before it is kept') => {
      const program = await start(when)
      try {
        const response = await fetch(`${String(program.ready['url'])}/add-checkpoint`, { method: 'POST', body })
        return { status: response.status, text: await response.text() }
      } catch {
        return 'no answer'
      } finally {
        await program.kill()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(running.map((program) => program.kill()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
