// For clients without a socket: the events as a stream, and typing as a request.
import { z } from 'zod'
import { DeskbellError } from '../../../protocol/errors.ts'
import { ensureChat, findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import { readJson } from '../../http/input.ts'
import { sideOf } from '../../people/identity.ts'
import type { Action } from '../../people/policy.ts'
import type { Route, RouteInput } from '../../http/route.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
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

const typingBody = z.strictObject({ typing: z.boolean() })

export function sseRoutes(core: Core, connections: Connections): Route[] {
  function open({ request, query, identity, address, onlyLooks }: RouteInput, topic: Topic): Response {
    if (connections.draining) throw new DeskbellError('unavailable', undefined, 1)
    core.addresses?.attempt(address)
    admit(core, identity)
    // A revocation may have become known while the chat was looked up
    if (core.revocations.covers(identity)) throw new DeskbellError('token_revoked')
    // Nobody would read or cancel a body, or be present
    if (onlyLooks) return new Response(null, { headers: HEADERS })
    const slot = ConnectionSlot.take(core, address, identity)
    const socket = new SseSocket(core.clock, () => connection.closed())
    const connection = new SseConnection(
      { core, socket, identity, connections },
      { topic, lastEventId: lastEventId(request, query), slot },
    )
    return new Response(socket.body, { headers: HEADERS })
  }

  const foundChat = ({ identity, params }: RouteInput, action: Action): Promise<ChatRecord> =>
    findChat(core, { identity, action, id: params['id'] })

  async function typing({ identity, request }: RouteInput, chat: ChatRecord): Promise<Response> {
    const body = await readJson(request, typingBody)
    core.hub.typing(chat.id, {
      type: 'typing',
      sender_type: sideOf(identity),
      name: identity.name,
      typing: body.typing,
    })
    return new Response(null, { status: 204 })
  }

  return [
    {
      method: 'GET',
      path: '/support_chat/events',
      action: 'open_own_chat',
      handle: async (input) => open(input, { type: 'chat', chat: await ensureChat(core, input) }),
    },
    {
      method: 'GET',
      path: '/admin/chats/:id/events',
      action: 'use_desk',
      handle: async (input) => open(input, { type: 'chat', chat: await foundChat(input, 'read_chat') }),
    },
    {
      method: 'GET',
      path: '/admin/events',
      action: 'follow_desk',
      handle: async (input) => open(input, staffTopic(input.identity)),
    },
    {
      method: 'POST',
      path: '/support_chat/typing',
      action: 'open_own_chat',
      handle: async (input) => typing(input, await ensureChat(core, { identity: input.identity })),
    },
    {
      method: 'POST',
      path: '/admin/chats/:id/typing',
      action: 'use_desk',
      handle: async (input) => typing(input, await foundChat(input, 'show_typing')),
    },
  ]
}

/** EventSource sets the header by itself when it reconnects. Clients that cannot set headers send a query parameter */
const lastEventId = (request: Request, query: Record<string, string>): string | undefined =>
  request.headers.get('last-event-id') || query['last_event_id'] || undefined
