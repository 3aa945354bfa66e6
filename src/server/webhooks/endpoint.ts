// The addresses of the host that are told of what happens in chats.
import { v5 as uuidv5 } from 'uuid'
import type { WebhookEventType } from '../../protocol/webhooks.ts'
import type { Outbox } from '../ports/store/outbox.ts'
import { keyBytes } from './signature.ts'

export const EVENT_TYPES = ['message.created', 'chat.archived', 'chat.unarchived'] as const satisfies WebhookEventType[]

/** An address of yours that is told of what happens in chats, by signed requests: see docs/webhooks.md */
export interface WebhookEndpoint {
  /** Begins with `https:`; `http:` only where the host may be private. Staff see it in the dashboard without its query */
  url: string
  /** `whsec_` and 24 to 64 bytes in base64, as in Standard Webhooks. Two while you replace one: every webhook is signed with both */
  secret: string | string[]
  /** What it is told of. Default: everything */
  events?: WebhookEventType[] | undefined
  /**
   * It may lead to a loopback, private or link-local address: for development, and for a receiver inside your own network. Default:
   * false, and such addresses are refused when a webhook is sent
   */
  allowPrivateHost?: boolean | undefined
}

/** An endpoint that was checked */
export interface Endpoint {
  /** Made of the URL, so that all nodes have the same */
  id: string
  url: string
  /** The URL as people may see it: queries hold keys */
  shownUrl: string
  keys: Uint8Array<ArrayBuffer>[]
  events: readonly WebhookEventType[]
  allowPrivateHost: boolean
}

/** @throws Error when one of them is not valid, or two have the same URL */
export function readEndpoints(given: WebhookEndpoint[]): Endpoint[] {
  const endpoints = given.map(readEndpoint)
  const twice = endpoints.find(({ id }, i) => endpoints.findIndex((one) => one.id === id) !== i)
  if (twice) throw new Error(`webhooks: ${twice.shownUrl} is there twice`)
  return endpoints
}

function readEndpoint(given: WebhookEndpoint, index: number): Endpoint {
  const { url, secret, events = [...EVENT_TYPES], allowPrivateHost = false } = given
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new Error(`webhooks[${index}].url is not a URL such as https://example.com/hook`)
  const shownUrl = parsed.origin + parsed.pathname
  if (parsed.protocol === 'http:' && !allowPrivateHost)
    throw new Error(`webhooks: ${shownUrl} must begin with https:, or have allowPrivateHost`)
  if (parsed.username !== '' || parsed.password !== '')
    throw new Error(`webhooks: the URL of ${shownUrl} has a user name; webhooks are signed instead`)
  const unknown = events.find((event) => !EVENT_TYPES.includes(event))
  if (unknown !== undefined) throw new Error(`webhooks: ${unknown} is not one of ${EVENT_TYPES.join(', ')}`)
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (secrets.length === 0) throw new Error(`webhooks: ${shownUrl} has no secret`)
  return {
    id: uuidv5(parsed.href, uuidv5.URL),
    url: parsed.href,
    shownUrl,
    keys: secrets.map(keyBytes),
    events,
    allowPrivateHost,
  }
}

/** Which endpoints are told of which events; undefined where there is none, so that nothing is done for them */
export function outboxOf(endpoints: Endpoint[]): Outbox | undefined {
  if (endpoints.length === 0) return undefined
  const idsOf = (event: WebhookEventType): string[] =>
    endpoints.filter(({ events }) => events.includes(event)).map(({ id }) => id)
  return Object.fromEntries(EVENT_TYPES.map((event) => [event, idsOf(event)]))
}
