// Supabase Realtime: https://supabase.com/docs/guides/realtime/broadcast and …/authorization
import { jwtVerify, SignJWT } from 'jose'
import type { SupabaseListening } from '../protocol/listening.ts'
import type { PublishedTopic, Publisher } from '../server/ports/publisher.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'
import { callService, notTheService } from './http-service.ts'
import { tokenEnd } from './token-end.ts'

export interface SupabaseOptions {
  /** Of the project: `https://PROJECT.supabase.co` */
  url: string
  /** The publishable key, or the older `anon` key. Public: browsers get it */
  key: string
  /** A secret key, or the older `service_role` key */
  secretKey: string
  /** The project's JWT secret, with which listeners' tokens are signed: HS256 */
  jwtSecret: string
}

const NAME = 'Supabase'
/** Bytes of a payload; plans differ from 256 kB: https://supabase.com/docs/guides/realtime/limits */
const MAX_DATA = 200_000
const STAFF = 'support-staff'
const ACCEPTED = 202

/**
 * Publishes by Supabase Realtime, as broadcasts on private channels. The project needs the policy of docs/realtime.md, which lets a
 * listener into the channel that their token names.
 *
 * @throws Error when `url` is no `https:` URL, or one of this machine
 */
export function supabasePublisher({ url, key, secretKey, jwtSecret }: SupabaseOptions): Publisher {
  checkCredentials('supabasePublisher', { key, secretKey, jwtSecret })
  const project = serviceUrl(url)
  const headers = { apikey: secretKey, authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
  const signingKey = new TextEncoder().encode(jwtSecret)

  return {
    service: 'supabase',
    maxData: MAX_DATA,
    async publish({ topics, event, data }, signal) {
      const messages = topics.map((topic) => ({ topic: topicOf(topic), event, payload: data, private: true }))
      const endpoint = `${project}/realtime/v1/api/broadcast`
      const call = { url: endpoint, method: 'POST', headers, body: JSON.stringify({ messages }), signal } as const
      const { status } = await callService(NAME, call)
      if (status !== ACCEPTED) throw notTheService(NAME)
    },
    listen: (topic): SupabaseListening => ({
      service: 'supabase',
      url: project,
      key,
      topic: topicOf(topic),
      event: 'new-message',
    }),
    async authorize(topic, { expiresAt }) {
      const end = tokenEnd(expiresAt)
      // `anon`: with this token nobody may do more in the project than with the public key, but for the one policy
      const token = await new SignJWT({ role: 'anon', support_topic: topicOf(topic) })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuedAt()
        .setExpirationTime(end)
        .sign(signingKey)
      return { token, expires_at: end.toISOString() }
    },
    async verify(signal) {
      const { value } = await callService(NAME, { url: `${project}/rest/v1/`, method: 'GET', headers, signal })
      if (typeof value !== 'object' || value === null) throw notTheService(NAME)
      // The older secret key is a token of the same secret, so it shows whether that is right
      if (secretKey.split('.').length !== 3)
        return 'Nothing says whether the JWT secret is right: that shows when somebody listens'
      await jwtVerify(secretKey, signingKey).catch((error: unknown) => {
        throw new Error('The JWT secret is not that of the project', { cause: error })
      })
      return null
    },
  }
}

const topicOf = (topic: PublishedTopic): string => (topic.type === 'staff' ? STAFF : `support-chat:${topic.chatId}`)
