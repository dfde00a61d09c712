import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tile } from '../../audit/log-tree.ts'
import { diskIo } from './io.ts'
import { TileFiles } from './tile-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-tiles-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the tiles of a log', () => {
  it('are there for two heads at the same time that share one', async () => {
    const tiles = new TileFiles(diskIo, folder)
    for (let width = 1; width < 50; width++) {
      // Under way already, so that those of both heads wait together.
      tiles.add([tile(2, 256)])
      tiles.add([tile(0, width), tile(1, 1)])
      const one = tiles.written()
      tiles.add([tile(0, width + 1), tile(1, 1)])
      expect(await Promise.all([one, tiles.written()])).toEqual([undefined, undefined])
    }
    expect(readdirSync(join(folder, 'tile/1/000.p'))).toEqual(['1'])
  })

  it('lose their partial ones once the full one is there', async () => {
    const tiles = new TileFiles(diskIo, folder)
    tiles.add([tile(0, 7)])
    tiles.add([tile(0, 256)])
    expect(await tiles.written()).toBeUndefined()
    expect(readdirSync(join(folder, 'tile/0'))).toEqual(['000'])
  })

  it('that are full wait where they cannot be written, and partial ones do not', async () => {
    let works = false
    const failure = Object.assign(new Error('made by the test'), { code: 'EIO' })
    const put = (path: string, bytes: Uint8Array) => (works ? diskIo.put(path, bytes) : Promise.reject(failure))
    const tiles = new TileFiles({ ...diskIo, put }, folder)
    tiles.add([tile(0, 256), tile(1, 1)])
    expect(await tiles.written()).toBe(failure)
    works = true
    tiles.add([])
    expect(await tiles.written()).toBeUndefined()
    expect(existsSync(join(folder, 'tile/0/000'))).toBe(true)
  })

  it('that a crash cut off are whole again, and those that are whole stay the files they are', async () => {
    const path = join(folder, 'tile/0/000')
    const write = async () => {
      const tiles = new TileFiles(diskIo, folder)
      tiles.add([tile(0, 256)])
      expect(await tiles.written()).toBeUndefined()
      return statSync(path)
    }
    const first = await write()
    expect((await write()).ino).toBe(first.ino)
    for (const left of [0, 100]) {
      truncateSync(path, left)
      expect((await write()).size).toBe(256 * 32)
    }
    expect(readdirSync(dirname(path))).toEqual(['000'])
  })
})

function tile(level: number, width: number): Tile {
  return { at: { level, index: 0, width }, bytes: new Uint8Array(width * 32) }
}
