// Where clients of Pusher Channels ask whether they may hear a private channel. Pusher's documentation, "Authorizing users".
import { z } from 'zod'
import type { Core } from '../../core.ts'
import type { Caller } from '../../http/authenticate.ts'
import { route } from '../../http/route.ts'
import type { SharedTopic } from '../streams/topic.ts'
import { topicOf } from './channels.ts'

const form = z.object({
  socket_id: z
    .string()
    .regex(/^\d{1,20}\.\d{1,20}$/, 'two numbers with a dot between them')
    .describe('The connection'),
  channel_name: z.string().min(1).max(200).describe('Such as `private-support-chat-` and the id of a chat'),
})

const answers = {
  200: { json: z.object({ auth: z.string().describe('What the client sends with its subscription') }) },
} as const

/** One connection's wish to hear one channel, which the policy allows */
export interface ChannelRequest extends Caller {
  socketId: string
  channel: string
  /** What the channel is about */
  topic: SharedTopic
}

/** @param authOf makes the value of `auth`: the key, a colon, and what proves that the caller may hear the channel */
export const pusherAuthRoutes = (core: Core, authOf: (wish: ChannelRequest) => Promise<string>) =>
  (
    [
      ['/pusher/auth', 'authorizePusherChannel', 'pusher-js'],
      ['/broadcasting/auth', 'authorizeBroadcastingChannel', 'Laravel Echo'],
    ] as const
  ).map(([path, name, client]) =>
    route({
      method: 'POST',
      path,
      name,
      // Any channel has an owner or staff; `topicOf` asks about this one
      action: 'read_chat',
      summary: `Lets one connection of ${client} hear one channel: its own chat, or for staff any chat and the desk`,
      form,
      answers,
      problems: ['forbidden'],
    })(async ({ identity, hostRequest, form: { socket_id, channel_name } }) => {
      const topic = await topicOf(core, identity, channel_name)
      const auth = await authOf({ socketId: socket_id, channel: channel_name, topic, identity, hostRequest })
      return { status: 200, body: { auth } }
    }),
  )
