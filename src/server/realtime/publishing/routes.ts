// What browsers listen to at a service, and their permission to.
import { z } from 'zod'
import { ensureChat, findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import { idSchema } from '../../http/input.ts'
import { route } from '../../http/route.ts'
import { realtimeAuth, staffRealtime } from './schemas.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import type { RealtimeAuth } from '../../../protocol/listening.ts'
import { sideOf, type Identity } from '../../people/identity.ts'
import { can, isBlocked } from '../../people/policy.ts'
import { staffTopic, type SharedTopic } from '../streams/topic.ts'
import { pusherAuthRoutes, type ChannelRequest } from '../pusher/auth-routes.ts'
import type { Listener, PublishedTopic, Publisher } from '../../ports/publisher.ts'

const authBody = z.object({
  chat_id: idSchema.nullish().describe('The chat to listen to; null: the caller’s own, or for staff all chats'),
  socket_id: z
    .string()
    .max(100)
    .nullish()
    .describe('The id of the connection, where the service signs for one: Pusher'),
})

export function publishingRoutes(core: Core) {
  const { publisher } = core

  /** The one place where it is decided who may hear what at the service */
  async function topicFor(identity: Identity, chatId: string | null | undefined): Promise<SharedTopic> {
    const isNamed = chatId !== null && chatId !== undefined
    if (!isNamed && can(identity, 'follow_desk')) return staffTopic(identity)
    const chat = isNamed
      ? await findChat(core, { identity, action: 'read_chat', id: chatId })
      : await ensureChat(core, { identity })
    return { type: 'chat', chat }
  }

  return [
    ...(publisher?.service === 'pusher' ? pusherAuthRoutes(core, signedBy(publisher)) : []),
    route({
      method: 'GET',
      path: '/admin/realtime',
      name: 'showStaffRealtime',
      action: 'follow_desk',
      summary: 'Says what staff listen to for all chats',
      answers: { 200: { json: staffRealtime } },
    })(async () => ({ status: 200, body: { realtime: publisher?.listen({ type: 'staff' }) ?? null } })),
    route({
      method: 'POST',
      path: '/realtime/auth',
      name: 'authorizeListener',
      action: 'read_chat',
      summary: 'Lets a browser listen to a chat, or staff to all chats, at the service that `realtime` names',
      body: authBody,
      answers: { 200: { json: realtimeAuth } },
      problems: ['not_found'],
    })(async ({ identity, body }) => {
      const topic = await topicFor(identity, body.chat_id)
      if (!publisher) throw new DeskbellError('not_found', 'Nothing is published to a service here')
      // A revocation may have become known while the chat was looked up
      if (core.revocations.covers(identity)) throw new DeskbellError('token_revoked')
      const listener = listenerOf(identity, topic, body.socket_id ?? undefined)
      const auth: RealtimeAuth = await publisher.authorize(published(topic), listener)
      return { status: 200, body: auth }
    }),
  ]
}

const published = (topic: SharedTopic): PublishedTopic =>
  topic.type === 'chat' ? { type: 'chat', chatId: topic.chat.id } : topic

const listenerOf = (identity: Identity, topic: SharedTopic, connection: string | undefined): Listener => ({
  side: sideOf(identity),
  id: identity.id,
  mayBeSeen: topic.type === 'staff' || !isBlocked(identity, topic.chat),
  connection,
  expiresAt: identity.expiresAt,
})

/** Clients of Pusher ask at paths of their own, and for a signature alone */
const signedBy =
  (publisher: Publisher) =>
  async ({ socketId, channel, topic, identity }: ChannelRequest): Promise<string> => {
    const listening = publisher.listen(published(topic))
    const name = listening && 'channel' in listening ? listening.channel : null
    // Nothing is published under another name, such as Laravel's with a dot, and the service would not accept the signature for it
    if (channel !== name) throw new DeskbellError('forbidden', `Subscribe to ${name}`)
    const permission = await publisher.authorize(published(topic), listenerOf(identity, topic, socketId))
    if (!('auth' in permission)) throw new Error('A publisher of Pusher answers with a signature')
    return permission.auth
  }
