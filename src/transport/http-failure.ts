import { GatewayError } from '../base/assert.ts'

/** How far an exchange had come when it broke. */
export type Stage = 'asking' | 'answering'

/**
 * What broke, in words for the client. Nothing that the server sent is in it, nor in a `cause`: a parser's error quotes
 * what it could not read.
 */
export function httpFailure(error: unknown, stage: Stage): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof Error && error.name === 'HTTPParserError')
    return new GatewayError('upstream_protocol', 'The MCP server does not answer in HTTP/1.1.')
  const code = codeOf(error)
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new GatewayError('upstream_unreachable', 'The MCP server did not accept a connection in time.')
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new GatewayError('upstream_timeout', 'The MCP server did not begin to answer in time.')
    case 'UND_ERR_BODY_TIMEOUT':
      return new GatewayError('upstream_timeout', 'The MCP server fell silent in the middle of its answer.')
    case 'UND_ERR_HEADERS_OVERFLOW':
      return new GatewayError('upstream_too_large', 'The headers of the MCP server are too large.')
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return new GatewayError('upstream_protocol', 'The MCP server sent more or less than it announced.')
    case 'UND_ERR_INVALID_ARG':
      return new GatewayError(
        'upstream_protocol',
        'A header for the MCP server has characters that HTTP does not allow.',
      )
    default:
      return broken(code, stage)
  }
}

function broken(code: string, stage: Stage): GatewayError {
  const what = stage === 'asking' ? 'cannot be reached' : 'broke off in the middle of its answer'
  const advice = TLS_CODE.test(code) ? ' Its certificate is not trusted; name its authority with `ca`.' : ''
  return new GatewayError('upstream_unreachable', `The MCP server ${what} (${code}).${advice}`)
}

const TLS_CODE = /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/

/** A code is a word of ours, of Node's or of OpenSSL's; anything else might be a word of the server's. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,50}$/.test(code) ? code : 'UNKNOWN'
}
