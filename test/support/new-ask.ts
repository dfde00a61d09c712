import type { NewAsk } from '../../src/approval/approval.ts'

/** What somebody asks; what a test does not care about is made up. */
export function newAsk(more: Partial<NewAsk> = {}): NewAsk {
  return {
    hash: 'hash',
    callHash: 'call hash',
    fingerprint: 'fingerprint',
    requester: {
      principal: 'pri_alice',
      issuer: 'https://login.example.com',
      subject: 'alice',
      name: 'Alice',
      email: 'alice@example.com',
      groups: ['engineers'],
      client: { name: 'agent', version: '1.0' },
    },
    session: 'ses_test',
    connection: 'db',
    method: 'tools/call',
    target: 'write',
    definition: '',
    shown: '{"sql":"UPDATE users SET name = \'x\'"}',
    facts: '{}',
    policy: 'abcdefabcdef',
    rules: [{ rule: 'writes-need-a-dba', digest: 'digest' }],
    lines: [{ rule: 'writes-need-a-dba', group: 'dba', count: 1 }],
    scope: 'once',
    reasonRequired: false,
    runWithinMs: 600_000,
    notify: [],
    reason: 'because',
    expiresMs: 100_000_000,
    exact: { nonce: new Uint8Array(12), ciphertext: new Uint8Array(16) },
    ...more,
  }
}
