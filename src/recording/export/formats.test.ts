import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { madeCall, type MadeRecord, storedRecords } from '../../../test/support/recorded-session.ts'
import { root } from '../../../test/support/process.ts'
import { decodeUtf8 } from '../../base/bytes.ts'
import { safe } from '../print.ts'
import { recorded, type RecordedRecord } from '../read.ts'
import { LINE_FORMATS, type LineFormatName } from './formats.ts'
import { syslogFrame } from './syslog.ts'

const NAMES: readonly LineFormatName[] = ['jsonl', 'csv', 'ocsf', 'cef', 'otel']
const OPTIONS = { version: '1.2.3', bodies: false }

/** Text that would break a format that does not escape: fields, lines, formulas, directions. */
const HOSTILE = "=cmd|\" /C\\ a=b,'c' | \r\nCEF:0|x\t\u202E\u0000"

const RECORDS: readonly MadeRecord[] = [
  { kind: 'log.open', session: 0, envelope: { id: '019aab', dir: 'gw' } },
  { kind: 'admin.change', session: 0, envelope: { dir: 'gw', change: { what: 'start', os_user: 'gateway' } } },
  {
    kind: 'auth',
    session: 0,
    envelope: {
      dir: 'c2s',
      outcome: { status: 'refused', detail: 'expired' },
      view: { address: '127.0.0.1', connection: 'db', times: 3 },
    },
  },
  { kind: 'session.start', envelope: { dir: 'gw', session: { id: `ses_${'01'.repeat(16)}`, basis: 'window', n: 1 } } },
  ...madeCall(4, { after: 1000 }),
  {
    kind: 'refused',
    after: 5000,
    envelope: {
      dir: 'c2s',
      actor: {
        sub: HOSTILE,
        iss: HOSTILE,
        email: HOSTILE,
        groups: [HOSTILE],
        client: { name: HOSTILE, id: HOSTILE },
        ip: '127.0.0.1',
        ua: HOSTILE,
      },
      conn: { name: HOSTILE },
      mcp: { era: 'modern', method: HOSTILE, target: HOSTILE, req_id: HOSTILE },
      decision: { effect: 'deny', rule: HOSTILE, reason: HOSTILE, policy: 'abc' },
      outcome: { status: 'refused' },
      trace: { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' },
    },
    request: HOSTILE,
  },
  { kind: 'outcome', envelope: { dir: 'gw', of: 4, outcome: { status: 'unknown', detail: 'session_ended' } } },
  {
    kind: 'auth',
    session: 0,
    envelope: {
      dir: 'c2s',
      actor: {
        sub: 'grace',
        iss: 'https://login.example.com',
        email: 'grace@example.com',
        groups: ['payments'],
        client: {},
        ip: '127.0.0.1',
      },
      outcome: { status: 'ok', detail: 'login' },
      view: { address: '127.0.0.1', connection: 'approvals', amr: 'pwd mfa' },
    },
  },
  {
    kind: 'auth',
    session: 0,
    envelope: {
      dir: 'gw',
      outcome: { status: 'ok', detail: 'logged_out' },
      view: { iss: 'https://login.example.com', sub: 'grace', sid: 's1' },
    },
  },
]

const HOSTILE_AT = RECORDS.findIndex(({ kind }) => kind === 'refused')

function records(): RecordedRecord[] {
  return storedRecords(RECORDS).map(recorded)
}

function linesOf(name: LineFormatName): string[] {
  return records().map((record) => LINE_FORMATS[name].line(record, OPTIONS))
}

describe('an exported record', () => {
  it.each(NAMES)('in %s is what it was in the release before', async (name) => {
    const head = 'head' in LINE_FORMATS[name] ? [LINE_FORMATS.csv.head] : []
    await expect(`${[...head, ...linesOf(name)].join('\n')}\n`).toMatchFileSnapshot(
      join(root, 'test/vectors/export', `records.${LINE_FORMATS[name].extension}`),
    )
  })

  it.each(NAMES)('in %s is one line, whatever a client wrote', (name) => {
    // A quoted cell of CSV may hold line ends: it is read by its quotes.
    const breaks = name === 'csv' ? /[\u2028\u2029]/ : /[\r\n]/
    for (const line of linesOf(name)) expect(line).not.toMatch(breaks)
  })

  it('has its bodies where they are asked for, and only there', () => {
    const [, , , , intent] = records()
    if (intent === undefined) throw new Error('there is no such record')
    expect(LINE_FORMATS.jsonl.line(intent, OPTIONS)).not.toContain('SELECT 1')
    expect(LINE_FORMATS.jsonl.line(intent, { ...OPTIONS, bodies: true })).toContain('SELECT 1')
    for (const name of NAMES) expect(LINE_FORMATS[name].line(intent, OPTIONS)).not.toContain('SELECT 1')
  })
})

describe('OCSF', () => {
  const schemas: Readonly<Record<string, object>> = JSON.parse(
    decodeUtf8(gunzipSync(readFileSync(join(root, 'test/vectors/ocsf-1.8.0.json.gz')))),
  )
  const classes = { 0: 'base_event', 3002: 'authentication', 3004: 'entity_management', 6003: 'api_activity' }

  it('is what the published schema of 1.8.0 takes, which knows no other attributes', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
    addFormats.default(ajv)
    const check = Object.fromEntries(
      Object.entries(classes).map(([uid, name]) => [uid, ajv.compile({ ...schemas[name], $id: `test:${name}` })]),
    )
    const seen = new Set<unknown>()
    for (const line of linesOf('ocsf')) {
      const event = JSON.parse(line)
      const validate = check[event.class_uid]
      seen.add(event.class_uid)
      validate?.(event)
      expect(validate?.errors ?? []).toEqual([])
      expect(validate?.({ ...event, made_up: 1 })).toBe(false)
    }
    expect([...seen]).toEqual([0, 3004, 3002, 6003])
  })
})

describe('a login, a logout and a refused token', () => {
  it('say whose they are where that is known, and only what was refused is told as a refusal', () => {
    const events = linesOf('ocsf').map((line) => JSON.parse(line))
    const told = events.filter(({ class_uid }) => class_uid === 3002)
    expect(told).toMatchObject([
      { type_uid: 300_201, severity_id: 2, status_id: 2, user: { name: 'unknown' }, count: 3 },
      { type_uid: 300_201, severity_id: 1, status_id: 1, user: { name: 'grace@example.com', uid: 'grace' } },
      { type_uid: 300_202, severity_id: 1, status_id: 1, user: { name: 'grace', uid: 'grace' } },
    ])
    const cef = linesOf('cef').filter((line) => line.includes('|auth '))
    expect(cef.map((line) => /\|(\d+)\|[^|]*$/.exec(line)?.[1])).toEqual(['6', '3', '3'])
    expect(cef.map((line) => /suid=(\S+)/.exec(line)?.[1])).toEqual([undefined, 'grace', 'grace'])
  })
})

describe('CEF', () => {
  it('gives back every value to a reader that undoes the escapes', () => {
    const line = linesOf('cef')[HOSTILE_AT] ?? ''
    const [version, vendor, product, release, event, name, severity, ...rest] = line.split(/(?<!\\)(?:\\\\)*\|/)
    expect([version, vendor, product, release, severity]).toEqual(['CEF:0', 'Sallyport', 'MCP gateway', '1.2.3', '6'])
    expect(event).toBe('refused')
    expect(name).toBe('refused deny')
    const extension = line.slice(line.indexOf('|6|') + 3)
    expect(rest.length).toBeGreaterThan(0)
    const values = Object.fromEntries(
      [...extension.matchAll(/(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)/g)].map(([, key, value]) => [
        key,
        value?.replaceAll(/\\(.)/g, '$1'),
      ]),
    )
    // Controls were made visible first; everything else is as it was.
    const shown = safe(HOSTILE)
    expect(values).toMatchObject({ suser: shown, cs3: shown, cs6: shown, cn1: '6', act: 'deny' })
  })
})

describe('CSV', () => {
  it('holds no formula and no control that a spreadsheet would act on', () => {
    const row = linesOf('csv')[HOSTILE_AT] ?? ''
    expect(row).toContain(`"'=cmd|"" /C`)
    for (const cell of row.split(',')) expect(cell).not.toMatch(/^"?[=+@\t\r]/)
    expect(row).not.toContain('\u0000')
  })
})

describe('a frame of syslog', () => {
  it('counts its octets, names severity, time, host and kind, and says that it is UTF-8', () => {
    const [record] = records()
    if (record === undefined) throw new Error('there is no record')
    const text = decodeUtf8(syslogFrame(record, 'ünïcode', 'gw1'))
    const [, count, message] = /^(\d+) ([\s\S]*)$/.exec(text) ?? []
    expect(message).toBe('<134>1 2026-11-22T10:00:00.000000Z gw1 sallyport - log.open - \uFEFFünïcode')
    expect(Number(count)).toBe(new TextEncoder().encode(message).length)
  })
})
