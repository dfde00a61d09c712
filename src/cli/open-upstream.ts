import { readFileSync } from 'node:fs'
import { GatewayError } from '../base/assert.ts'
import type { ConnectionConfig, UpstreamConfig } from '../config/config.ts'
import type { Limits } from '../config/limits.ts'
import { type Hide, Masked, maskText } from '../masking/masked.ts'
import { DirectHttp } from '../upstream/direct-http.ts'
import type { StdioShared } from '../upstream/launcher.ts'
import { StdioUpstream } from '../upstream/stdio.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { LiveCredentials } from './live-credentials.ts'
import type { OperatorLog } from './operator-log.ts'

/** What the upstreams of one gateway share, and what is this connection's own. */
export interface UpstreamParts {
  readonly shared: StdioShared
  readonly log: OperatorLog
  readonly credentials: LiveCredentials
  /** Hides values in the lines that its processes print. */
  readonly stderr: Pick<Hide, 'text'>
}

/** The way to the MCP server of a connection. Throws `config_invalid` if its certificate authorities cannot be read. */
export function openUpstream({ name, upstream, limits }: ConnectionConfig, parts: UpstreamParts): Upstream {
  switch (upstream.kind) {
    case 'http':
      return openHttp(name, upstream, limits, parts)
    case 'stdio':
      return openStdio(name, upstream, limits, parts)
  }
}

type Of<Kind extends UpstreamConfig['kind']> = Extract<UpstreamConfig, { readonly kind: Kind }>

function openHttp(
  name: string,
  upstream: Of<'http'>,
  limits: Limits,
  { shared, credentials }: UpstreamParts,
): Upstream {
  return new DirectHttp(
    {
      url: new URL(upstream.url),
      ca: upstream.caFile === undefined ? undefined : readAuthorities(name, upstream.caFile),
      connectMs: limits.connectMs,
      firstByteMs: limits.firstByteMs,
      streamIdleMs: limits.streamIdleMs,
      callTotalMs: limits.callTotalMs,
      messageBytesMax: limits.replyBytes,
      eventBytesMax: limits.eventBytes,
    },
    shared.budget,
    credentials,
  )
}

function readAuthorities(connection: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('config_invalid', `The certificate authorities of ${connection}, ${file}, cannot be read.`, {
      cause,
    })
  }
}

function openStdio(name: string, upstream: Of<'stdio'>, limits: Limits, parts: UpstreamParts): Upstream {
  const { log, credentials, shared, stderr } = parts
  const { command, args, env, cwd } = upstream
  return new StdioUpstream(
    {
      connection: name,
      command: { command, args, env, cwd },
      limits: { ...limits, messageBytesMax: limits.replyBytes },
      // What a server prints may be what it was given: masked like everything that it says.
      onStderr: (connection, line) =>
        log.info(Masked.read(maskText(line, stderr)), { connection, from: 'stderr of the MCP server' }),
      onProcess: (connection, { kind, pid, why }) =>
        log.info(`a process of an MCP server ${kind}`, { connection, pid, why }),
    },
    shared,
    credentials,
  )
}
