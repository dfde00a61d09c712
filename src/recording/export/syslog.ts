import { concat, encodeUtf8 } from '../../base/bytes.ts'
import { isoMicros } from '../../audit/iso-time.ts'
import { isRefusal, type RecordedRecord } from '../read.ts'

/** `local0`, and how urgent (RFC 5424, 6.2.1). */
const FACILITY = 16
const SEVERITY = { notice: 5, informational: 6 } as const

/** A message of RFC 5424 in a frame that says its length (RFC 5425, 4.3; RFC 6587, 3.4.1), so that no text can end it. */
export function syslogFrame(record: RecordedRecord, text: string, host: string): Uint8Array {
  const { kind, time } = record.stored.entry
  const severity = isRefusal(record) ? SEVERITY.notice : SEVERITY.informational
  const head = `<${FACILITY * 8 + severity}>1 ${isoMicros(time)} ${host} sallyport - ${kind} -`
  // The byte order mark says that the message is UTF-8 (6.4).
  const message = encodeUtf8(`${head} \uFEFF${text}`)
  return concat([encodeUtf8(`${message.length} `), message])
}
