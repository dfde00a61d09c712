// The same with a page, where people log in at a real OpenID provider: the demo's, with people of the test.
import { type IdentityProvider, startIdentityProvider } from '../../src/demo/identity-provider.ts'
import { Browser, type PageReply } from './browser.ts'
import { type DecidingWorld, startDeciding } from './deciding.ts'

interface Person {
  id: string
  name: string
  email: string
  groups: string[]
  role: string
}

export interface PageWorld extends DecidingWorld {
  readonly provider: IdentityProvider
  /** Changes to them count from then on. */
  readonly people: Record<'alice' | 'bob' | 'other' | 'agent' | 'ada', Person>
  /** A browser in which somebody is logged in, at the page of an approval or at the list. */
  readonly logIn: (person: string, id?: string) => Promise<{ browser: Browser; page: PageReply }>
  /** A call of somebody who logs in at the same provider, which waits. */
  readonly askAt: (args: unknown, person?: string) => Promise<string>
}

export async function startPageWorld(approvals: Readonly<Record<string, unknown>> = {}): Promise<PageWorld> {
  const people = {
    alice: person('alice', ['engineers', 'dba']),
    bob: person('bob', ['dba']),
    // Another account of Alice's.
    other: { ...person('other', ['dba']), email: 'Alice@example.com' },
    // An agent with an account of its own: the configuration says for whom.
    agent: person('agent', ['engineers']),
    ada: person('ada', ['auditors']),
  }
  const resources: string[] = []
  const provider = await startIdentityProvider({ port: 0, resources, people: Object.values(people) })
  const world = await startDeciding(
    {
      ...approvals,
      page: { issuer: provider.issuer, client_id: provider.clientId, scopes: ['openid', 'email', 'profile', 'groups'] },
    },
    { identity: { issuers: [{ issuer: provider.issuer, groups: { claim: 'groups' } }] } },
  )
  resources.push(world.gateway.base())
  const logIn: PageWorld['logIn'] = async (who, id) => {
    const browser = new Browser()
    const page = await browser.follow(
      `${world.gateway.base()}/approvals/login${id === undefined ? '' : `?to=${id}`}`,
      who,
    )
    return { browser, page }
  }
  const askAt: PageWorld['askAt'] = async (args, who = 'alice') =>
    world.ask(args, { token: await provider.token(who, world.gateway.base()) })
  return {
    ...world,
    provider,
    people,
    logIn,
    askAt,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await provider.close()
    },
  }
}

function person(id: string, groups: string[]): Person {
  const name = id.charAt(0).toUpperCase() + id.slice(1)
  return { id, name, email: `${id}@example.com`, groups, role: 'of the test' }
}
