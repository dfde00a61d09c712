// Input that a server asks for in the middle of a call that is a task (2026-07-28, multi round-trip requests; SEP-2663, Task
// Update Requests). What is kept is the server's result and the answers so far: `{"result":…,"responses":{…}}`. Every text keeps
// its bytes.
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { stringifyJson } from '../base/json.ts'
import { findMember } from '../base/json-scan.ts'
import { membersAt, splice, valueAt } from '../protocol/places.ts'
import { textsAt } from '../protocol/tasks-extension.ts'

type Texts = readonly (readonly [key: string, text: string])[]

/** What is kept of a result that asks for input. */
export function inputKept(result: Uint8Array): Uint8Array {
  return keptOf(decodeUtf8(result), [])
}

function keptOf(result: string, responses: Texts): Uint8Array {
  return encodeUtf8(`{"result":${result},"responses":${objectOf(responses)}}`)
}

/** What is still asked for, under keys that no other round of the task uses. */
export function requestsIn(kept: Uint8Array, round: number): Uint8Array {
  const { requests, responses } = read(kept)
  const open = requests.filter(([key]) => !responses.some(([answered]) => answered === key))
  return encodeUtf8(objectOf(open.map(([key, text]) => [keyIn(round, key), text])))
}

/** A server that asks twice may use one key twice, and a client answers a key of a task once. */
function keyIn(round: number, key: string): string {
  return `${round}.${key}`
}

interface Waiting {
  readonly kept: Uint8Array
  readonly round: number
  /** The call as it went out. */
  readonly call: Uint8Array
}

/** The call as it is to go out again; or what is kept while some input is missing. */
export type Input =
  | { readonly kind: 'all'; readonly call: Uint8Array }
  | { readonly kind: 'some'; readonly kept: Uint8Array }

/** Takes the answers out of a tasks/update. Those to nothing that is asked for are left out. */
export function inputTo({ kept, round, call }: Waiting, update: Uint8Array): Input {
  const { result, requests, state, responses: before } = read(kept)
  const given = new Map(inputResponses(update))
  const responses = requests.flatMap(([key]): Texts => {
    const text = before.find(([answered]) => answered === key)?.[1] ?? given.get(keyIn(round, key))
    return text === undefined ? [] : [[key, text]]
  })
  if (responses.length === requests.length) return { kind: 'all', call: withInput(call, responses, state) }
  return { kind: 'some', kept: keptOf(result, responses) }
}

function read(kept: Uint8Array) {
  const members = membersAt(kept, valueAt(kept))
  const responses = findMember(members, 'responses')
  const { start, end } = findMember(members, 'result') ?? { start: 0, end: 0 }
  const inside = membersAt(kept, start)
  const requests = findMember(inside, 'inputRequests')
  const state = findMember(inside, 'requestState')
  return {
    result: decodeUtf8(kept, start, end),
    requests: requests === undefined ? [] : textsAt(kept, requests.start),
    state: state === undefined ? undefined : decodeUtf8(kept, state.start, state.end),
    responses: responses === undefined ? [] : textsAt(kept, responses.start),
  }
}

function inputResponses(update: Uint8Array): Texts {
  const params = findMember(membersAt(update, valueAt(update)), 'params')
  const responses = params && findMember(membersAt(update, params.start), 'inputResponses')
  return responses === undefined ? [] : textsAt(update, responses.start)
}

/** What a client would send in the next round: its params as they were, the answers, and the state byte for byte. */
function withInput(call: Uint8Array, responses: Texts, state: string | undefined): Uint8Array {
  const params = findMember(membersAt(call, valueAt(call)), 'params')
  if (params === undefined) return call
  const others = textsAt(call, params.start).filter(([key]) => key !== 'inputResponses' && key !== 'requestState')
  const said: Texts = [
    ...others,
    ['inputResponses', objectOf(responses)],
    ...(state === undefined ? [] : [['requestState', state] as const]),
  ]
  return splice(call, [{ start: params.start, end: params.end, text: objectOf(said) }])
}

function objectOf(texts: Texts): string {
  return `{${texts.map(([key, text]) => `${stringifyJson(key)}:${text}`).join(',')}}`
}
