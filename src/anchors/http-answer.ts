import { concat } from '../base/bytes.ts'

/** The whole body, if it is not longer than it may be. */
export async function readBytes(response: Response, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new Error(`${response.url} answered with more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return concat(chunks)
}

/** "fetch failed" says nothing; its cause does. */
export function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  return failure.cause instanceof Error ? failure.cause.message || failure.cause.name : failure.message
}
