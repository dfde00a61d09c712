import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'broken' }

/** Reads a request's body of at most `bytesMax` bytes; keeps the single chunk when there is one. Never throws. */
export function readBody(request: IncomingMessage, declared: string | undefined, bytesMax: number): Promise<Body> {
  if (Number(declared ?? 0) > bytesMax) return Promise.resolve({ kind: 'too_large' })
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let size = 0
    request.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength
      if (size > bytesMax) {
        // The rest is not read: the answer says so and closes the connection.
        request.pause()
        resolve({ kind: 'too_large' })
        return
      }
      chunks.push(chunk)
    })
    request.on('end', () => resolve({ kind: 'body', bytes: joined(chunks, size) }))
    request.on('error', () => resolve({ kind: 'broken' }))
    request.on('close', () => resolve({ kind: 'broken' }))
  })
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
