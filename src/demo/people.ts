// The demo: an identity provider on this machine with made-up people in it. Nobody has a password, so it must never be
// reachable from another machine; it refuses to listen anywhere but on the loopback interface.

/** Somebody who can log in. */
export interface Person {
  /** Subject of tokens and name on the login page. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
  /** One line for the login page. */
  readonly role: string
}

export const PEOPLE: readonly Person[] = [
  {
    id: 'alice',
    name: 'Alice Arden',
    email: 'alice@harbour.example',
    groups: ['engineers'],
    role: 'develops, with an agent',
  },
  {
    id: 'bob',
    name: 'Bob Byrne',
    email: 'bob@harbour.example',
    groups: ['dba', 'approvers'],
    role: 'looks after databases and approves',
  },
  { id: 'ada', name: 'Ada Abara', email: 'ada@harbour.example', groups: ['auditors'], role: 'checks what was done' },
]
