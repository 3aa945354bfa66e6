// Centrifugo: its server keeps the connections, proxies connecting, subscribing and calls to this app, and publishes what its API is given.
import { join } from 'node:path'
import { json } from 'express'
import { authenticate, bearer, mayFollow, openApp, store } from '../app/app.ts'
import { APP, PORT, post, SECRET, serveWith } from '../app/real-time-server.ts'
import type { Person } from '../app/store.ts'

/** Whoever connected, as `connect` answered; the server adds it to each request of theirs */
interface Asked<Data> {
  meta: { person: Person }
  channel: string
  data: Data
}

const channelOf = (chatId: string): string => `chat:${chatId}`
const STAFF = 'staff:notifications'
const REFUSED = { error: { code: 403, message: 'rejected' } }

const app = openApp()
app.use('/proxy', (request, response, next) => {
  if (bearer(request) === SECRET) next()
  else response.status(401).json({ error: 'unauthorized' })
})
app.use('/proxy', json())

app.post('/proxy/connect', async ({ body }, response) => {
  const { data } = body as { data: { token: string } }
  const person = await authenticate(data.token).catch(() => undefined)
  response.json(person ? { result: { user: String(person.id), meta: { person } } } : REFUSED)
})

app.post('/proxy/subscribe', async ({ body }, response) => {
  const { meta, channel } = body as Asked<undefined>
  const { person } = meta
  const isAllowed = channel === STAFF ? person.role === 'admin' : await mayFollow(person, channel.slice('chat:'.length))
  response.json(isAllowed ? { result: {} } : REFUSED)
})

/** The only call is to send a message. It says nothing of subscriptions, so the app checks again whose the chat is */
app.post('/proxy/rpc', async ({ body }, response) => {
  const { meta, data } = body as Asked<{ chat_id: string; content?: unknown }>
  const { person } = meta
  const { chat_id, content } = data
  if (typeof content !== 'string' || content.trim() === '' || !(await mayFollow(person, chat_id))) {
    return response.json(REFUSED)
  }
  const message = await store.addMessage(chat_id, content, person.role)
  const publish = (channel: string, event: object): object => ({ publish: { channel, data: event } })
  const notification = { type: 'new_user_message', chat_id, user_email: person.email, message }
  const commands = [
    publish(channelOf(chat_id), { type: 'new_message', message }),
    ...(person.role === 'admin' ? [] : [publish(STAFF, notification)]),
  ]
  await post('/api/batch', { 'x-api-key': SECRET }, { commands })
  response.json({ result: {} })
})

const headers = JSON.stringify({ authorization: `Bearer ${SECRET}` })
serveWith(app, ['--config', join(import.meta.dirname, 'config.json')], {
  CENTRIFUGO_HTTP_SERVER_PORT: PORT,
  CENTRIFUGO_HTTP_API_KEY: SECRET,
  CENTRIFUGO_CLIENT_PROXY_CONNECT_ENDPOINT: `${APP}/proxy/connect`,
  CENTRIFUGO_CLIENT_PROXY_CONNECT_HTTP_STATIC_HEADERS: headers,
  CENTRIFUGO_CHANNEL_PROXY_SUBSCRIBE_ENDPOINT: `${APP}/proxy/subscribe`,
  CENTRIFUGO_CHANNEL_PROXY_SUBSCRIBE_HTTP_STATIC_HEADERS: headers,
  CENTRIFUGO_RPC_PROXY_ENDPOINT: `${APP}/proxy/rpc`,
  CENTRIFUGO_RPC_PROXY_HTTP_STATIC_HEADERS: headers,
})
