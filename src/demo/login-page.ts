import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Interaction, Provider } from 'oidc-provider'
import type { Person } from './people.ts'

/** Bytes of the form: one name. */
const FORM_BYTES_MAX = 1_024

/**
 * The page of a login: who wants access to what, and a button for each person. One click is login and consent together.
 * Asks each time, so that one browser can be Alice in one client and Bob in another.
 */
export class LoginPage {
  readonly #provider: Provider
  readonly #people: readonly Person[]

  constructor(provider: Provider, people: readonly Person[]) {
    this.#provider = provider
    this.#people = people
  }

  /** Answers GET and POST of `/interaction/<uid>`. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const interaction = await this.#provider.interactionDetails(request, response)
      if (request.method === 'POST') await this.#finish(request, response, interaction)
      else await this.#show(response, interaction)
    } catch {
      // No cookie of this login, or it is too old.
      send(response, 400, 'This login is over. Go back to your MCP client and start again.')
    }
  }

  async #show(response: ServerResponse, { uid, params }: Interaction): Promise<void> {
    const clientId = text(params['client_id'])
    const client = await this.#provider.Client.find(clientId)
    const redirect = URL.parse(text(params['redirect_uri']))
    const buttons = this.#people.map(
      ({ id, name, role }) =>
        `<button name="person" value="${escape(id)}"><b>${escape(name)}</b><br>${escape(role)}</button>`,
    )
    send(
      response,
      200,
      `<h1>Log in</h1>
<p><b>${escape(client?.clientName ?? clientId)}</b> wants to use <b>${escape(text(params['resource']) || 'the gateway')}</b> in your name.
The answer goes to <b>${escape(redirect?.host || redirect?.protocol || 'an unknown address')}</b>.</p>
<p>Who are you?</p><form method="post" action="/interaction/${escape(uid)}">${buttons.join('\n')}</form>
<p>This identity provider belongs to the demo: nobody in it is real, and it asks for no password.</p>`,
    )
  }

  async #finish(request: IncomingMessage, response: ServerResponse, { params }: Interaction): Promise<void> {
    const form = new URLSearchParams(await readForm(request))
    const person = this.#people.find(({ id }) => id === form.get('person'))
    if (person === undefined) return send(response, 400, 'Nobody has that name.')
    const grant = new this.#provider.Grant({ accountId: person.id, clientId: text(params['client_id']) })
    const scope = text(params['scope'])
    grant.addOIDCScope(scope)
    for (const resource of [params['resource']].flat()) grant.addResourceScope(text(resource), scope)
    const result = { login: { accountId: person.id, remember: false }, consent: { grantId: await grant.save() } }
    const location = await this.#provider.interactionResult(request, response, result, {
      mergeWithLastSubmission: false,
    })
    response.writeHead(303, { location }).end()
  }
}

async function readForm(request: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder()
  let form = ''
  for await (const chunk of request) {
    form += decoder.decode(chunk instanceof Uint8Array ? chunk : undefined, { stream: true })
    if (form.length > FORM_BYTES_MAX) throw new RangeError('the form is too long')
  }
  return form
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // No form-action: browsers apply it to the redirects after the click, which end at the client.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'x-content-type-options': 'nosniff',
  })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Log in</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}
button{display:block;width:100%;margin:.5rem 0;padding:.75rem;font:inherit;text-align:left;cursor:pointer}</style>
${body}</html>`)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Clients choose their names, so a name is not trusted to be text. */
function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
