// Ably over REST: https://ably.com/docs/api/rest-api; permissions: https://ably.com/docs/auth/token/jwt and …/auth/capabilities
import { SignJWT } from 'jose'
import { createHmac, randomUUID } from 'node:crypto'
import type { AblyListening } from '../protocol/listening.ts'
import type { PublishedTopic, Publisher } from '../server/ports/publisher.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'
import { callService, notTheService } from './http-service.ts'
import { memberOf } from './member.ts'
import { tokenEnd } from './token-end.ts'

export interface AblyOptions {
  /** An API key of the app, `APP.KEY:SECRET`, that may publish and subscribe to, and be present in, `support-*` and `support-chat:*` */
  key: string
  /** Of another server than Ably's usual one. Default: `main.realtime.ably.net` */
  host?: string | undefined
  /** Default: 443, or 80 without TLS */
  port?: number | undefined
  /** Default: true. False is for this machine alone: the key would be readable on its way */
  useTLS?: boolean | undefined
}

const NAME = 'Ably'
/** Of the protocol, in the header that a request names it by */
const VERSION = '6'
/** Bytes of a message, of which a name and an envelope take some: https://ably.com/docs/pub-sub/limits */
const MAX_DATA = 60_000
const STAFF = 'support-staff'
const EVERY_CHAT = 'support-chat:*'

/**
 * Publishes by Ably. Each listener gets a token that is good for exactly what they may hear.
 *
 * @throws Error when the key has not the form of one, or would go over the network in clear
 * @example createDeskbell({ …, publisher: ablyPublisher({ key: process.env.ABLY_KEY }) })
 */
export function ablyPublisher({ key, host, port, useTLS = true }: AblyOptions): Publisher {
  checkCredentials('ablyPublisher', { key })
  const [keyName = '', secret = ''] = key.split(':')
  // It repeats nothing of the key
  if (!keyName.includes('.') || secret === '') throw new Error('An API key of Ably has the form APP.KEY:SECRET')
  const authority = `${host ?? 'main.realtime.ably.net'}${port === undefined ? '' : `:${port}`}`
  const api = serviceUrl(`${useTLS ? 'https' : 'http'}://${authority}`)
  const headers = { 'content-type': 'application/json', 'x-ably-version': VERSION }
  const authorization = `Basic ${btoa(key)}`

  async function post(path: string, body: string, signal: AbortSignal, more: Record<string, string> = {}) {
    const call = { url: api + path, method: 'POST', headers: { ...headers, ...more }, body, signal } as const
    const { value } = await callService(NAME, call)
    if (typeof value !== 'object' || value === null) throw notTheService(NAME)
  }

  return {
    service: 'ably',
    maxData: MAX_DATA,
    async publish({ topics, event, data }, signal) {
      const body = JSON.stringify([{ name: event, data: JSON.stringify(data), encoding: 'json' }])
      const paths = topics.map((topic) => `/channels/${encodeURIComponent(channelOf(topic))}/messages`)
      await Promise.all(paths.map((path) => post(path, body, signal, { authorization })))
    },
    listen: (topic): AblyListening => ({
      service: 'ably',
      channel: channelOf(topic),
      ...(topic.type === 'chat' && { presence: true }),
      event: 'new-message',
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(useTLS ? {} : { tls: false }),
    }),
    async authorize(topic, listener) {
      // Staff have one connection for all that they listen to
      // Nobody publishes but the server: a member tells only of itself
      const inChat = ['subscribe', ...(listener.mayBeSeen ? ['presence'] : [])]
      const capability =
        topic.type === 'staff' ? { [STAFF]: ['subscribe'], [EVERY_CHAT]: inChat } : { [channelOf(topic)]: inChat }
      const end = tokenEnd(listener.expiresAt)
      const claims = { 'x-ably-capability': JSON.stringify(capability), 'x-ably-clientId': memberOf(listener, secret) }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keyName })
        .setIssuedAt()
        .setExpirationTime(end)
        .sign(new TextEncoder().encode(secret))
      return { token, expires_at: end.toISOString() }
    },
    async verify(signal) {
      // A token that is thrown away: Ably makes one for what the key may do, and none when that is nothing
      const capability = JSON.stringify({ [EVERY_CHAT]: ['publish', 'subscribe'], [STAFF]: ['publish', 'subscribe'] })
      const request = { keyName, ttl: 60_000, capability, timestamp: Date.now(), nonce: randomUUID() }
      const signed = `${[keyName, request.ttl, capability, '', request.timestamp, request.nonce].join('\n')}\n`
      const mac = createHmac('sha256', secret).update(signed).digest('base64')
      await post(`/keys/${encodeURIComponent(keyName)}/requestToken`, JSON.stringify({ ...request, mac }), signal)
      return null
    },
  }
}

const channelOf = (topic: PublishedTopic): string => (topic.type === 'staff' ? STAFF : `support-chat:${topic.chatId}`)
