// The routes of the API, room by room: those that need to know who asks.
import { activityRoutes } from './activity/routes.ts'
import { assignmentRoutes } from './assignment/routes.ts'
import { assistantRoutes } from './assistant/routes.ts'
import { attachmentRoutes } from './attachments/routes.ts'
import type { Uploads } from './attachments/uploads.ts'
import { blockRoutes } from './blocking/routes.ts'
import { chatRoutes } from './chats/routes.ts'
import type { Core } from './core.ts'
import type { Route } from './http/route.ts'
import { messageRoutes } from './messages/routes.ts'
import { searchRoutes } from './messages/search.ts'
import { numberRoutes } from './numbers/routes.ts'
import { replyRoutes } from './replies/routes.ts'
import { ratingRoutes } from './ratings/routes.ts'
import { visitorRoutes } from './people/routes.ts'
import { peopleSearchRoutes } from './people/search-routes.ts'
import { pushRoutes } from './push/routes.ts'
import type { Subscriptions } from './push/subscriptions.ts'
import type { Connections } from './realtime/connections/connections.ts'
import { lookRoutes } from './realtime/dialects/look-routes.ts'
import type { PusherGrants } from './realtime/dialects/pusher-grants.ts'
import { sseRoutes } from './realtime/dialects/sse-routes.ts'
import { typingRoutes } from './realtime/dialects/typing-routes.ts'
import { pusherAuthRoutes } from './realtime/pusher/auth-routes.ts'
import { publishingRoutes } from './realtime/publishing/routes.ts'
import type { SettledOptions } from './settled-options.ts'
import { tagRoutes } from './tags/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'

interface RouteParts {
  core: Core
  settled: Pick<SettledOptions, 'rating' | 'assistant'>
  /** The process lives on between requests, so a stream can be told of what happens */
  livesOn: boolean
  connections: Connections
  /** Null: messages carry no files */
  uploads: Uploads | null
  /** Null: there are no push notifications */
  push: { subscriptions: Subscriptions } | null
  /** Null: clients of Pusher cannot connect */
  grants: PusherGrants | null
  onError: (error: unknown) => void
}

export function authenticatedRoutes({
  core,
  settled,
  livesOn,
  connections,
  uploads,
  push,
  grants,
  onError,
}: RouteParts): Route[] {
  return [
    ...chatRoutes(core),
    ...messageRoutes(core),
    ...activityRoutes(core),
    ...assignmentRoutes(core, { livesOn }),
    ...blockRoutes(core),
    ...peopleSearchRoutes(core),
    ...(uploads ? attachmentRoutes(core, uploads) : []),
    ...visitorRoutes(core),
    ...searchRoutes(core),
    ...replyRoutes(core),
    ...tagRoutes(core),
    ...numberRoutes(core),
    ...(push ? pushRoutes(push.subscriptions) : []),
    ...(settled.rating ? ratingRoutes(core) : []),
    ...(settled.assistant ? assistantRoutes(core, { assistant: settled.assistant, onError }) : []),
    ...webhookRoutes(core),
    // A stream would be told of nothing: what it is to hear is committed by other processes
    ...(livesOn ? [...sseRoutes(core, connections), ...lookRoutes(core)] : []),
    ...typingRoutes(core),
    ...publishingRoutes(core),
    ...(grants ? pusherAuthRoutes(core, (wish) => grants.seal(wish)) : []),
  ]
}
