import { createTransport } from 'nodemailer'
import { SECOND_MS } from '../base/units.ts'
import { emailText } from './email-text.ts'
import type { Receiver, Sent } from './receiver.ts'

export interface MailServer {
  readonly host: string
  readonly port: number
  /** From the first byte on; otherwise STARTTLS. */
  readonly tls: boolean
  /** Nothing is said in the clear. Only a server on this machine may do without. */
  readonly mustEncrypt: boolean
  /** Certificate authorities, PEM; undefined: those of the system. */
  readonly ca: string | undefined
  readonly login: { readonly user: string; readonly password: string } | undefined
}

export interface EmailTerms {
  readonly name: string
  readonly server: MailServer
  readonly from: string
  readonly to: readonly string[]
}

const PATIENCE_MS = 10 * SECOND_MS
/** 5xx: the server will say the same of the same message the next time (RFC 5321, 4.2.1). */
const PERMANENT = 500

/** E-mail over SMTP. Retries have the Message-ID of the first try, so that a mailbox that had it already can tell. */
export function email({ name, server, from, to }: EmailTerms): Receiver {
  const { host, port, tls, mustEncrypt, ca, login } = server
  const transport = createTransport({
    host,
    port,
    secure: tls,
    requireTLS: !tls && mustEncrypt,
    tls: { ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>$/, '')
  return {
    name,
    async send(notice): Promise<Sent> {
      const first = `<${notice.id}.requested@${domain}>`
      try {
        await transport.sendMail({
          from,
          to: [...to],
          ...emailText(notice),
          messageId: `<${notice.key}@${domain}>`,
          ...(notice.step === 'requested' ? {} : { inReplyTo: first, references: [first] }),
          // RFC 3834: so that no absence note answers.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        })
        return { kind: 'sent' }
      } catch (failure) {
        return failed(failure)
      }
    },
  }
}

function failed(failure: unknown): Sent {
  const why = failure instanceof Error ? failure.message.slice(0, WHY_CHARS_MAX) : String(failure)
  // A mailbox that is not there is not there the next time; that the login is refused somebody may mend.
  const isUnwanted = failure instanceof Error && codeOf(failure) >= PERMANENT && commandOf(failure) === 'RCPT TO'
  return { kind: isUnwanted ? 'unwanted' : 'failed', why }
}

const WHY_CHARS_MAX = 300

function codeOf(failure: Error): number {
  return 'responseCode' in failure && typeof failure.responseCode === 'number' ? failure.responseCode : 0
}

function commandOf(failure: Error): string {
  return 'command' in failure && typeof failure.command === 'string' ? failure.command : ''
}
