// Firebase Realtime Database: https://firebase.google.com/docs/reference/rest/database; the server's sign-in:
// https://firebase.google.com/docs/database/rest/auth; listeners' tokens: https://firebase.google.com/docs/auth/admin/create-custom-tokens
import { importPKCS8, SignJWT, type CryptoKey } from 'jose'
import type { FirebaseListening } from '../protocol/listening.ts'
import type { PublishedTopic, Publisher } from '../server/ports/publisher.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'
import { callService, notTheService } from './http-service.ts'
import { tokenEnd } from './token-end.ts'

export interface FirebaseOptions {
  /** Of the database: `https://PROJECT-default-rtdb.firebaseio.com` */
  url: string
  /** The project's web API key. Public: browsers get it */
  key: string
  /** A service account that may write to the database: the JSON file with its key */
  serviceAccount: ServiceAccount
}

/** Fields of the file, which has more */
export interface ServiceAccount {
  client_email: string
  /** PEM, PKCS #8 */
  private_key: string
  /** Where Google gives out access tokens. Default: `https://oauth2.googleapis.com/token` */
  token_uri?: string | undefined
}

const NAME = 'Firebase'
const SCOPE = 'https://www.googleapis.com/auth/firebase.database https://www.googleapis.com/auth/userinfo.email'
const CUSTOM_TOKEN = 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit'
const NO_CONTENT = 204
/** An access token is not used any more in its last minute (ms) */
const MARGIN = 60_000
const HOUR = 3_600

/**
 * Publishes by Firebase Realtime Database: the newest hint of each chat is at `support-chats/ID/hint`, that of all chats at
 * `support-staff/hint`. What is written there stays there, so it is never a message. The database needs the rules of docs/realtime.md.
 *
 * @throws Error when `url` is no `https:` URL, or one of this machine, or a key is missing
 */
export function firebasePublisher({ url, key, serviceAccount }: FirebaseOptions): Publisher {
  checkCredentials('firebasePublisher', { key, serviceAccount })
  const { client_email, private_key, token_uri: google = 'https://oauth2.googleapis.com/token' } = serviceAccount
  checkCredentials('firebasePublisher', {
    'serviceAccount.client_email': client_email,
    'serviceAccount.private_key': private_key,
  })
  const database = serviceUrl(url)
  let signingKey: Promise<CryptoKey> | undefined
  let access: { token: string; until: number } | undefined

  /** Signs as the service account. A key that is none is found out when it is first used */
  async function sign(claims: Record<string, unknown>, audience: string, end: Date | string): Promise<string> {
    signingKey ??= importPKCS8(private_key, 'RS256')
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(client_email)
      .setSubject(client_email)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(end)
      .sign(await signingKey)
  }

  async function accessToken(signal: AbortSignal): Promise<string> {
    if (access && Date.now() < access.until) return access.token
    const assertion = await sign({ scope: SCOPE }, google, `${HOUR}s`)
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { value } = await callService(NAME, { url: google, method: 'POST', headers, body, signal })
    const { access_token, expires_in } = Object(value) as { access_token?: unknown; expires_in?: unknown }
    if (typeof access_token !== 'string') throw notTheService(NAME)
    access = { token: access_token, until: Date.now() + Number(expires_in) * 1_000 - MARGIN }
    return access_token
  }

  async function call(method: 'GET' | 'PATCH', path: string, signal: AbortSignal, body?: string) {
    const headers = { authorization: `Bearer ${await accessToken(signal)}`, 'content-type': 'application/json' }
    try {
      return await callService(NAME, {
        url: database + path,
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body }),
      })
    } catch (error) {
      // It may have been withdrawn
      access = undefined
      throw error
    }
  }

  return {
    service: 'firebase',
    maxData: 0,
    async publish({ topics, data }, signal) {
      // With a time, so that two hints that say the same are two
      const value = { ...data, at: { '.sv': 'timestamp' } }
      const body = JSON.stringify(Object.fromEntries(topics.map((topic) => [pathOf(topic), value])))
      const { status } = await call('PATCH', '/.json?print=silent', signal, body)
      if (status !== NO_CONTENT) throw notTheService(NAME)
    },
    listen: (topic): FirebaseListening => ({ service: 'firebase', url: database, key, path: pathOf(topic) }),
    async authorize(topic, { expiresAt }) {
      const end = tokenEnd(expiresAt)
      const isStaff = topic.type === 'staff'
      // Firebase renews the sign-in for as long as the page is open, with these claims: the rules look at the time
      const claims = {
        support_until: end.getTime(),
        ...(isStaff ? { support_staff: true } : { support_chat: topic.chatId }),
      }
      const uid = isStaff ? 'support-staff' : `support-chat-${topic.chatId}`
      return { token: await sign({ uid, claims }, CUSTOM_TOKEN, end), expires_at: end.toISOString() }
    },
    async verify(signal) {
      const { value } = await call('GET', '/support-staff.json?shallow=true', signal)
      if (value === undefined) throw notTheService(NAME)
      return null
    },
  }
}

const pathOf = (topic: PublishedTopic): string =>
  topic.type === 'staff' ? 'support-staff/hint' : `support-chats/${topic.chatId}/hint`
