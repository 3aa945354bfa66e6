import { DeskbellError } from '../../protocol/errors.ts'
import { chatParams } from '../chats/routes.ts'
import { findChat } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { RateLimit, type Rate } from '../http/rate-limit.ts'
import { route } from '../http/route.ts'
import { personKey } from '../people/identity.ts'
import { refuseBlocked } from '../people/policy.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { assistantChat } from './assistant-chat.ts'
import { handOver } from './hand-over.ts'
import type { SettledAssistant } from './options.ts'
import { chatAssistant, handedOver } from './schemas.ts'
import { suggestionStream } from './suggestion.ts'

/** Drafts that one member of staff may ask for: models cost money */
const DRAFTS: Rate = { perSecond: 0.2, burst: 20 }

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // A proxy that compresses would hold pieces back
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

export function assistantRoutes(
  core: Core,
  {
    assistant: { name, answer, suggest, timeout },
    onError,
  }: { assistant: SettledAssistant; onError: (error: unknown) => void },
) {
  const { store, clock, rateLimit } = core
  const drafts = rateLimit && new RateLimit(DRAFTS, clock)

  const showing = route({
    method: 'GET',
    path: '/support_chat/assistant',
    name: 'viewAssistant',
    action: 'open_own_chat',
    summary: 'Tells whether the assistant answers the next message of the user',
    answers: { 200: { json: chatAssistant } },
  })(async ({ identity }) => {
    const chat = await store.findChatOf(identity.id)
    return { status: 200, body: { name, active: chat === undefined || answersNext(chat) } }
  })

  const handing = route({
    method: 'POST',
    path: '/support_chat/hand_over',
    name: 'handOver',
    action: 'hand_over',
    summary: 'Asks for a person of staff instead of the assistant, which then answers no more',
    answers: { 200: { json: handedOver } },
    problems: ['not_found', 'blocked'],
  })(async ({ identity }) => {
    const chat = await store.findChatOf(identity.id)
    if (!chat) throw new DeskbellError('not_found', 'There is no chat')
    refuseBlocked(identity, chat)
    return { status: 200, body: { handed_over: await handOver(core, chat, 'user') } }
  })

  const suggesting = (draft: NonNullable<typeof suggest>) =>
    route({
      method: 'POST',
      path: '/admin/chats/:id/suggestion',
      name: 'suggestReply',
      action: 'suggest_reply',
      summary:
        'Drafts a reply, as Server-Sent Events: `text` with a piece of it, `{"text":"…"}`, and at the end `done` or `failed`. Nothing is sent to the user',
      params: chatParams,
      answers: { 200: { media: ['text/event-stream'] } },
    })(async ({ identity, params }) => {
      const found = await findChat(core, { identity, action: 'suggest_reply', id: params.id })
      drafts?.take(personKey(identity))
      const chat = await assistantChat(core, found)
      if (!chat) throw new DeskbellError('not_found', 'There is no such chat')
      const stream = suggestionStream({ suggest: draft, chat, clock, timeout, onError })
      return { status: 200, stream, headers: HEADERS }
    })

  return [...(answer ? [showing, handing] : []), ...(suggest ? [suggesting(suggest)] : [])]
}

/** Nothing of the user is taken in while they are blocked. A message to a chat in the archive begins a conversation, as `advance` of the stores' rules says */
function answersNext({ assistant_off_at: off, archived_at, blocked_at }: ChatRecord): boolean {
  if (blocked_at !== null) return false
  return off === null || (archived_at !== null && off <= archived_at)
}
