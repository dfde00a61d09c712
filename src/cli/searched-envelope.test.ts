// A log is searched by people who vouch for it: of a healthy one nothing may be told.
import { expect, it } from 'vitest'
import { type JsonObject } from '../base/json.ts'
import { termsFrom } from './mask-terms.ts'
import { searchedEnvelope } from './searched-envelope.ts'
import { Trial } from './try-masking.ts'

const terms = await termsFrom({ config: undefined, call: undefined, direction: 'results', entities: [] })
if (terms === undefined) throw new Error('the default profile needs no configuration')
const trial = new Trial(terms, { keepsAll: false, schema: undefined })

const foundIn = (envelope: JsonObject) => trial.mask(searchedEnvelope(envelope)).findings.map(({ entity }) => entity)

const MAIL = 'ann.lee@corp.example'
const TOKEN = ['ghp', 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'].join('_')
const LISTED = { connection: 'customers', kind: 'header', name: 'api-key', since: '2026-11-01T10:00:00.000000Z' }
const PERSON = { iss: 'https://login.example.com', sub: 'ann', email: MAIL, name: 'Ann Lee' }

it.each<[string, JsonObject]>([
  ['credentials at the start', { change: { what: 'start', connections: ['customers'], credentials: [LISTED] } }],
  ['a credential that changes', { change: { what: 'credentials', stored: [LISTED], removed: [] } }],
  ['labels of a connection', { conn: { name: 'crm', labels: { token_owner: 'team-blue-9x', password: 'no-way-4u' } } }],
  ['who asked and who agreed', { approval: { id: 'A2', by: PERSON, requester: PERSON, verdict: 'approve' } }],
  ['who did without an approval', { alert: { name: 'break_glass', by: PERSON, reviewed_by: PERSON } }],
  ['who called, and what was hidden', { actor: { email: MAIL }, masking: { entities: { password: { redact: 3 } } } }],
  ['who logged out', { view: { iss: PERSON.iss, sub: MAIL, sid: 'x' } }],
])('tells nothing of %s', (_, envelope) => {
  expect(foundIn(envelope)).toEqual([])
})

it.each<[string, JsonObject]>([
  ['the name of a credential', { change: { credentials: [{ ...LISTED, name: TOKEN }] } }],
  ['a label', { conn: { name: 'crm', labels: { note: TOKEN } } }],
  ['what somebody wrote who decided', { approval: { by: PERSON, reason: `for ${TOKEN}` } }],
  ['facts', { facts: { tables: [TOKEN] } }],
  ['a target', { mcp: { target: `file:///${TOKEN}` } }],
])('still tells a secret in %s', (_, envelope) => {
  expect(foundIn(envelope)).toEqual(['secret'])
})
