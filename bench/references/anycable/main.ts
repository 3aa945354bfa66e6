// AnyCable: its server keeps the connections and speaks ActionCable, this app answers its RPC over HTTP and broadcasts over HTTP.
import { json } from 'express'
import { authenticate, bearer, mayFollow, openApp, store } from '../app/app.ts'
import { APP, PORT, post, SECRET, serveWith } from '../app/real-time-server.ts'
import type { Person } from '../app/store.ts'

/** AnyCable's statuses of an answer */
const SUCCESS = 1
const FAILURE = 2

interface Connecting {
  env: { url: string }
}
interface Command {
  command: 'subscribe' | 'message'
  identifier: string
  /** What `connect` answered with */
  connection_identifiers: string
  data?: string
}

const streamOf = (chatId: string): string => `chat:${chatId}`
const STAFF = 'admin_notifications'

async function subscribe(person: Person, identifier: string): Promise<object> {
  const { channel, chat_id = '' } = JSON.parse(identifier) as { channel: string; chat_id?: string }
  const isChat = channel === 'ChatChannel'
  if (isChat ? await mayFollow(person, chat_id) : person.role === 'admin') {
    const confirmation = JSON.stringify({ type: 'confirm_subscription', identifier })
    return { status: SUCCESS, streams: [isChat ? streamOf(chat_id) : STAFF], transmissions: [confirmation] }
  }
  return { status: FAILURE, transmissions: [JSON.stringify({ type: 'reject_subscription', identifier })] }
}

/** The server forwards only what comes over a confirmed subscription */
async function sendMessage(person: Person, identifier: string, data: string): Promise<object> {
  const { chat_id = '' } = JSON.parse(identifier) as { chat_id?: string }
  const { content } = JSON.parse(data) as { content?: unknown }
  if (typeof content !== 'string' || content.trim() === '') return { status: FAILURE }
  const message = await store.addMessage(chat_id, content, person.role)
  const echo = { stream: streamOf(chat_id), data: JSON.stringify({ type: 'new_message', message }) }
  const notification = { type: 'new_user_message', chat_id, user_email: person.email, message }
  const told = person.role === 'admin' ? [] : [{ stream: STAFF, data: JSON.stringify(notification) }]
  await post('/_broadcast', { authorization: `Bearer ${SECRET}` }, [echo, ...told])
  return { status: SUCCESS }
}

const app = openApp()
app.use('/rpc', (request, response, next) => {
  if (bearer(request) === SECRET) next()
  else response.status(401).json({ error: 'unauthorized' })
})
app.use('/rpc', json())

app.post('/rpc/connect', async ({ body }, response) => {
  const { env } = body as Connecting
  const person = await authenticate(new URL(env.url).searchParams.get('token')).catch(() => undefined)
  response.json(
    person
      ? { status: SUCCESS, identifiers: JSON.stringify(person), transmissions: ['{"type":"welcome"}'] }
      : { status: FAILURE, transmissions: ['{"type":"disconnect","reason":"unauthorized","reconnect":false}'] },
  )
})

app.post('/rpc/command', async ({ body }, response) => {
  const { command, identifier, connection_identifiers, data = '' } = body as Command
  const person = JSON.parse(connection_identifiers) as Person
  const answer = command === 'subscribe' ? subscribe(person, identifier) : sendMessage(person, identifier, data)
  response.json(await answer)
})

serveWith(app, [], {
  ANYCABLE_PORT: PORT,
  ANYCABLE_HOST: '127.0.0.1',
  ANYCABLE_RPC_HOST: `${APP}/rpc`,
  ANYCABLE_HTTP_RPC_SECRET: SECRET,
  ANYCABLE_BROADCAST_ADAPTER: 'http',
  ANYCABLE_BROADCAST_KEY: SECRET,
  // The app has nothing to do when somebody leaves
  ANYCABLE_DISABLE_DISCONNECT: 'true',
  ANYCABLE_LOG_LEVEL: 'error',
  ANYCABLE_DISABLE_TELEMETRY: 'true',
})
