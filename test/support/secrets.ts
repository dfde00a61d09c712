// Finds a secret however it is written, in what a gateway let out, kept or printed.
import { Buffer } from 'node:buffer'
import { expect } from 'vitest'
import { contentsOf } from './files.ts'
import type { Gateway } from './gateway.ts'
import { recordsOf, run } from './records.ts'

/** The ways to write a value that the gateway has to know. */
function spellings(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const escaped = Array.from(secret, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const bytes = Buffer.from(secret)
  // In base64 the first and last letters depend on what stands around; the middle shows at one of three places.
  const shifted = [0, 1, 2].flatMap((at) => {
    const padded = Buffer.concat([Buffer.alloc(at), bytes, Buffer.alloc(2 - at)])
    return [padded.toString('base64').slice(4, -4), padded.toString('base64url').slice(4, -4)]
  })
  const percent = encodeURIComponent(secret)
  const whole = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return [secret, json, escaped, percent, percent.toLowerCase(), whole, bytes.toString('hex'), ...shifted]
}

/** Fails if one of the secrets is in the text, in any spelling. `where` is for the message. */
export function expectNoSecret(secrets: readonly string[], text: string, where: string): void {
  const lower = text.toLowerCase()
  const found = secrets
    .flatMap(spellings)
    .filter((spelling) => text.includes(spelling) || lower.includes(spelling.toLowerCase()))
  expect({ where, found }).toEqual({ where, found: [] })
}

/** Looks through every file that the gateway keeps, and through all that the reading commands show of it. */
export async function expectNoSecretKept(secrets: readonly string[], gateway: Gateway): Promise<void> {
  const files = contentsOf(gateway.dataFolder)
  expect(files.size).toBeGreaterThan(2)
  for (const [name, bytes] of files) expectNoSecret(secrets, bytes.toString('latin1'), name)
  const records = await recordsOf(gateway)
  expectNoSecret(secrets, JSON.stringify(records), 'the records')
  const shown = [await run(gateway, ['tail', '--no-follow']), await run(gateway, ['sessions'])]
  for (const id of sessionsIn(records))
    shown.push(await run(gateway, ['replay', id]), await run(gateway, ['replay', id, '--json']))
  for (const { stdout, stderr } of shown) expectNoSecret(secrets, `${stdout}${stderr}`, 'what a reading command prints')
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
}

function sessionsIn(records: readonly unknown[]): ReadonlySet<string> {
  return new Set(records.flatMap((record) => /"session":\{"id":"(ses_[^"]+)"/.exec(JSON.stringify(record))?.[1] ?? []))
}

/** Collects what a gateway prints from now on, and gives all of it so far. */
export function collectPrinted(gateway: Gateway): () => string {
  let printed = `${gateway.process().stderr()}${gateway.process().stdout().join('\n')}`
  for (const stream of [gateway.process().process.stdout, gateway.process().process.stderr])
    stream?.on('data', (bytes: unknown) => {
      printed += String(bytes)
    })
  return () => printed
}
