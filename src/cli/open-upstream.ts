import { readFileSync } from 'node:fs'
import type { ConnectionConfig } from '../config/config.ts'
import type { Limits } from '../config/limits.ts'
import type { BufferBudget } from '../transport/buffer-budget.ts'
import { DirectHttp } from '../upstream/direct-http.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { LiveCredentials } from './live-credentials.ts'
import type { OperatorLog } from './operator-log.ts'

export interface UpstreamParts {
  readonly budget: BufferBudget
  readonly limits: Limits
  readonly log: OperatorLog
  readonly credentials: LiveCredentials
}

/** The way to the MCP server of a connection. */
export function openUpstream(connection: ConnectionConfig, parts: UpstreamParts): Upstream {
  const { upstream, limits } = connection
  switch (upstream.kind) {
    case 'http':
      return new DirectHttp(
        {
          url: new URL(upstream.url),
          ca: upstream.caFile === undefined ? undefined : readFileSync(upstream.caFile, 'utf8'),
          connectMs: limits.connectMs,
          firstByteMs: limits.firstByteMs,
          streamIdleMs: limits.streamIdleMs,
          callTotalMs: limits.callTotalMs,
          messageBytesMax: limits.replyBytes,
          eventBytesMax: limits.eventBytes,
        },
        parts.budget,
        parts.credentials,
      )
    case 'stdio':
      throw new Error('not yet')
  }
}
