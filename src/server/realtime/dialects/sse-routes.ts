// For clients without a socket: the events as a stream.
import { z } from 'zod'
import { DeskbellError } from '../../../protocol/errors.ts'
import { ensureChat, findChat } from '../../chats/open.ts'
import { chatParams } from '../../chats/routes.ts'
import type { Core } from '../../core.ts'
import { route, type RouteInput } from '../../http/route.ts'
import { admit, ConnectionSlot } from '../connections/admission.ts'
import type { Connections } from '../connections/connections.ts'
import { staffTopic, type Topic } from '../streams/topic.ts'
import { SseConnection } from './sse-connection.ts'
import { SseSocket } from './sse-socket.ts'

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // A proxy that compresses would hold events back
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** EventSource sets the header by itself when it reconnects. Clients that cannot set headers send a query parameter */
const lastEventId = z.string().optional().describe('The `id` of the last event that came, to get what was missed')

const STREAM = {
  query: z.object({ last_event_id: lastEventId }),
  headers: z.object({ 'last-event-id': lastEventId }),
  answers: { 200: { media: ['text/event-stream'] } },
} as const

interface Opening extends Pick<RouteInput, 'identity' | 'address' | 'onlyLooks'> {
  query: z.output<typeof STREAM.query>
  headers: z.output<typeof STREAM.headers>
}

export function sseRoutes(core: Core, connections: Connections) {
  function open({ query, headers, identity, address, onlyLooks }: Opening, topic: Topic) {
    if (connections.draining) throw new DeskbellError('unavailable', undefined, 1)
    core.addresses?.attempt(address)
    admit(core, identity)
    // A revocation may have become known while the chat was looked up
    if (core.revocations.covers(identity)) throw new DeskbellError('token_revoked')
    // Nobody would read or cancel a body, or be present
    if (onlyLooks) return { status: 200, stream: null, headers: HEADERS } as const
    const slot = ConnectionSlot.take(core, address, identity)
    const socket = new SseSocket(core.clock, () => connection.closed())
    const connection = new SseConnection(
      { core, socket, identity, connections },
      { topic, lastEventId: headers['last-event-id'] || query.last_event_id || undefined, slot },
    )
    return { status: 200, stream: socket.body, headers: HEADERS } as const
  }

  return [
    route({
      method: 'GET',
      path: '/support_chat/events',
      name: 'followOwnChat',
      action: 'open_own_chat',
      summary: 'Follows the chat of the user as Server-Sent Events',
      ...STREAM,
      problems: ['not_found'],
    })(async (input) => open(input, { type: 'chat', chat: await ensureChat(core, input) })),
    route({
      method: 'GET',
      path: '/admin/chats/:id/events',
      name: 'followChat',
      action: 'use_desk',
      summary: 'Follows a chat as Server-Sent Events',
      params: chatParams,
      ...STREAM,
    })(async (input) => {
      const { identity, params } = input
      return open(input, {
        type: 'chat',
        chat: await findChat(core, { identity, action: 'read_chat', id: params.id }),
      })
    }),
    route({
      method: 'GET',
      path: '/admin/chats/:id/activity/events',
      name: 'followActivity',
      action: 'read_activity',
      summary: 'Follows what only staff see of a chat as Server-Sent Events',
      params: chatParams,
      ...STREAM,
    })(async (input) => {
      const { identity, params } = input
      return open(input, {
        type: 'activity',
        chat: await findChat(core, { identity, action: 'read_activity', id: params.id }),
      })
    }),
    route({
      method: 'GET',
      path: '/admin/events',
      name: 'followDesk',
      action: 'follow_desk',
      summary: 'Follows all chats, for staff, as Server-Sent Events',
      ...STREAM,
    })(async (input) => open(input, staffTopic(input.identity))),
  ]
}
