import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeHeader } from '../../src/store/segments/header.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { smallLog } from './audit-small-log.ts'
import { DataFolder, entry, openFaultyLog, openLog } from './audit-support.ts'

describe('recovery', () => {
  it('refuses a log without its first segment, and one without any', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    for (let i = 0; i < 20; i++) await log.append(entry('refused', { body: 'x'.repeat(10_000) }))
    await log.close()
    const [first, second, ...rest] = folder.segments
    copyFileSync(second ?? '', join(folder.path, 'kept'))
    rmSync(second ?? '')
    await expect(openLog(folder)).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining('missing'),
    })
    copyFileSync(join(folder.path, 'kept'), second ?? '')
    await (await openLog(folder)).log.close()
    for (const path of [first, second, ...rest, ...folder.segments]) rmSync(path ?? '', { force: true })
    await expect(openLog(folder)).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining('gone'),
    })
  })

  it.each(['writeLost', 'writeTorn', 'syncLost', 'syncKept'] as const)(
    'that is interrupted while it copies the last commit (%s) loses nothing',
    async (fault) => {
      using folder = new DataFolder()
      const { disk, log } = await openLog(folder)
      const intent = await log.append(entry('intent'))
      await log.close()
      for (let i = 0; i < 3; i++) {
        disk.set(fault, { amount: 100, times: 1 })
        await expect(openFaultyLog(folder, disk)).rejects.toMatchObject({ code: 'log_unavailable' })
        expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
      }
      const again = await openFaultyLog(folder, disk)
      await again.log.close()
      expect(await kindsFrom(folder, intent.index)).toEqual([
        'intent',
        'log.close',
        'log.resume',
        'outcome',
        'log.close',
      ])
      expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
    },
  )

  it('does without the next segment if only its header was written', async () => {
    using world = await smallLog()
    const spare = world.folder.segments[1] ?? ''
    const header = { ...world.header, number: 1, firstSeq: 0, range: [], previous: 0, voidFrom: world.last.next }
    const bytes = readFileSync(spare)
    bytes.set(encodeHeader(header))
    writeFileSync(spare, bytes)
    expect(world.recover()?.last.lastSeq).toBe(world.last.lastSeq)
    const { log } = await openLog(world.folder)
    await log.close()
    expect(verifyFolder(world.folder.path)).toMatchObject({ ok: true })
  })

  it('takes a torn header for a spare', async () => {
    using world = await smallLog()
    const [first = ''] = world.folder.segments
    // Made here: whether the log came to make its own before it was closed depends on the machine.
    const spare = join(dirname(first), '0000000000000001.seg')
    const bytes = new Uint8Array(readFileSync(first).length)
    bytes.set(encodeHeader({ ...world.header, number: 1, previous: 0 }).subarray(0, 1000))
    writeFileSync(spare, bytes)
    const { log } = await openLog(world.folder)
    await log.close()
    expect(verifyFolder(world.folder.path)).toMatchObject({ ok: true })
  })

  it('reads no record out of what a file was used for before', async () => {
    using world = await smallLog()
    // The header of a new use over the frames of the former one.
    const salt = new Uint8Array(16).fill(9)
    world.write((bytes) => bytes.set(encodeHeader({ ...world.header, salt })))
    expect(world.recover()).toBeUndefined()
  })

  it('closes calls that were begun many segments ago, once', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    const open = await log.append(entry('intent', { session: `ses_${'aa'.repeat(16)}` }))
    const done = await log.append(entry('intent', { session: `ses_${'bb'.repeat(16)}` }))
    await log.append(entry('outcome', { of: done.index, session: `ses_${'bb'.repeat(16)}` }))
    for (let i = 0; i < 30; i++) await log.append(entry('refused', { body: 'x'.repeat(10_000) }))
    await log.close()
    for (let i = 0; i < 2; i++) await (await openLog(folder)).log.close()
    const closed: unknown[] = []
    for await (const { entry: found, parts } of readRecords({ folder: folder.path }))
      if (found.kind === 'outcome') closed.push(JSON.parse(new TextDecoder().decode(parts.envelope?.bytes)).of)
    expect(closed).toEqual([done.index, open.index])
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })
})

describe('a second process', () => {
  it('on the same folder is told which folder is in use', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder)
    await expect(openLog(folder)).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining(folder.path),
    })
    await log.append(entry('refused'))
    await log.close()
    await (await openLog(folder)).log.close()
  })
})

describe('a reader', () => {
  it('beside a running gateway sees each record once, across segments and recoveries', async () => {
    using folder = new DataFolder()
    const { disk, log } = await openLog(folder)
    const stop = new AbortController()
    const seen: number[] = []
    const reading = (async () => {
      for await (const { inTree, parts, seq } of readRecords({
        folder: folder.path,
        follow: true,
        signal: stop.signal,
      })) {
        expect(inTree && parts.envelope?.opens).toBe(true)
        seen.push(seq)
      }
    })()
    let last = 0
    for (let i = 0; i < 60; i++) {
      if (i % 20 === 10) disk.set('syncKept', { times: 1 })
      const receipt = await log.append(entry('refused', { body: 'x'.repeat(5000) })).catch(() => undefined)
      if (receipt === undefined)
        while (log.state.kind !== 'ready') await new Promise((resolve) => setTimeout(resolve, 5))
      last = receipt?.index ?? last
    }
    while ((seen.at(-1) ?? 0) < last) await new Promise((resolve) => setTimeout(resolve, 20))
    stop.abort()
    await reading
    await log.close()
    expect(seen).toEqual(Array.from({ length: last + 1 }, (_, i) => i))
  })
})

async function kindsFrom(folder: DataFolder, seq: number): Promise<string[]> {
  const kinds: string[] = []
  for await (const record of readRecords({ folder: folder.path })) if (record.seq >= seq) kinds.push(record.entry.kind)
  return kinds
}
