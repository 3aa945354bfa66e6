// Pusher Channels: https://pusher.com/docs/channels/library_auth_reference/rest-api/ and …/auth-signatures/
import { checkCredentials } from '../services/credentials.ts'
import { createHash, createHmac } from 'node:crypto'
import { DeskbellError } from '../protocol/errors.ts'
import type { PusherListening } from '../protocol/listening.ts'
import type { PublishedTopic, Publisher } from '../server/ports/publisher.ts'
import { callService, notTheService, refusal } from './http-service.ts'
import { memberOf } from './member.ts'

interface PusherApp {
  appId: string
  /** Public: browsers get it */
  key: string
  secret: string
}

/** An app at Pusher */
interface PusherCluster extends PusherApp {
  /** Such as `eu`, as the app's page says */
  cluster: string
}

/** An app on a server of one's own that speaks Pusher's protocol, which browsers reach at the same address */
interface PusherServer extends PusherApp {
  host: string
  /** Default: 443, or 80 without TLS */
  port?: number | undefined
  /** Default: true */
  useTLS?: boolean | undefined
}

export type PusherOptions = PusherCluster | PusherServer

const NAME = 'Pusher'
/** Bytes of an event's data: https://pusher.com/docs/channels/library_auth_reference/rest-api/#publishing-events */
const MAX_DATA = 10_240
const SOCKET_ID = /^\d{1,20}\.\d{1,20}$/

/**
 * Publishes by Pusher Channels, or by a server with its protocol, such as soketi or Laravel Reverb, on private channels.
 *
 * @example createDeskbell({ …, publisher: pusherPublisher({ appId, key, secret, cluster: 'eu' }) })
 */
export function pusherPublisher(options: PusherOptions): Publisher {
  const { appId, key, secret } = options
  checkCredentials('pusherPublisher', { appId, key, secret })
  checkCredentials('pusherPublisher', 'cluster' in options ? { cluster: options.cluster } : { host: options.host })
  const origin = originOf(options)
  const app = `/apps/${encodeURIComponent(appId)}`
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('hex')

  /** The query that proves who asks. Parameters are signed in the order of their names */
  function signedUrl(method: string, path: string, body?: string): string {
    const query = [
      `auth_key=${key}`,
      `auth_timestamp=${Math.floor(Date.now() / 1000)}`,
      'auth_version=1.0',
      ...(body === undefined ? [] : [`body_md5=${createHash('md5').update(body).digest('hex')}`]),
    ].join('&')
    return `${origin}${path}?${query}&auth_signature=${sign([method, path, query].join('\n'))}`
  }

  return {
    service: 'pusher',
    maxData: MAX_DATA,
    async publish({ topics, event, data }, signal) {
      const path = `${app}/events`
      const body = JSON.stringify({ name: event, channels: topics.map(channelOf), data: JSON.stringify(data) })
      const headers = { 'content-type': 'application/json' }
      const { value } = await callService(NAME, {
        url: signedUrl('POST', path, body),
        method: 'POST',
        headers,
        body,
        signal,
      })
      accept(value)
    },
    listen: (topic): PusherListening => ({
      service: 'pusher',
      key,
      channel: channelOf(topic),
      ...(topic.type === 'chat' && { presence: presenceOf(topic.chatId) }),
      event: 'new-message',
      ...addressOf(options),
    }),
    async authorize(topic, listener) {
      const { connection = '' } = listener
      if (!SOCKET_ID.test(connection))
        throw new DeskbellError(
          'invalid_request',
          'socket_id: the id of the connection, two numbers with a dot between them',
        )
      const signed = (what: string): string => `${key}:${sign(`${connection}:${what}`)}`
      const auth = signed(channelOf(topic))
      if (topic.type === 'staff' || !listener.mayBeSeen) return { auth }
      // soketi counts nobody without `user_info`
      const channel_data = JSON.stringify({ user_id: memberOf(listener, secret), user_info: {} })
      return { auth, presence: { auth: signed(`${presenceOf(topic.chatId)}:${channel_data}`), channel_data } }
    },
    async verify(signal) {
      // It needs the credentials, and says how many channels are in use
      const { value } = await callService(NAME, {
        url: signedUrl('GET', `${app}/channels`),
        method: 'GET',
        headers: {},
        signal,
      })
      accept(value)
      return null
    },
  }
}

/** Private: nobody enters without a signature that `authorize` made */
const channelOf = (topic: PublishedTopic): string =>
  topic.type === 'staff' ? 'private-support-staff' : `private-support-chat-${topic.chatId}`

/** Of a chat alone: all of staff are more than a presence channel takes */
const presenceOf = (chatId: string): string => `presence-support-chat-${chatId}`

function originOf(options: PusherOptions): string {
  if ('cluster' in options) return `https://api-${options.cluster}.pusher.com`
  const { host, port, useTLS = true } = options
  return `${useTLS ? 'https' : 'http'}://${host}${port === undefined ? '' : `:${port}`}`
}

function addressOf(options: PusherOptions): Pick<PusherListening, 'cluster' | 'host' | 'port' | 'tls'> {
  if ('cluster' in options) return { cluster: options.cluster }
  const { host, port, useTLS } = options
  return { host, ...(port === undefined ? {} : { port }), ...(useTLS === undefined ? {} : { tls: useTLS }) }
}

/** @throws PublicationFailed when the answer, which came with a status of success, is none */
function accept(value: unknown): void {
  if (typeof value !== 'object' || value === null) throw notTheService(NAME)
  // soketi refuses with the status 200, and says what it means in the body
  const { error, code } = value as { error?: unknown; code?: unknown }
  if (error !== undefined)
    throw refusal(NAME, { status: Number(code), text: typeof error === 'string' ? error : JSON.stringify(error) })
}
