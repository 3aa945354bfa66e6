import type { AdminSupportChat } from '../../protocol/types.ts'
import type { DeskAssistant } from '../../protocol/assistant.ts'
import { PAGE_SIZE } from '../../protocol/limits.ts'
import type { Core } from '../core.ts'
import { WAIT_FOR_HOST } from '../people/host-users.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { attachmentsOf, realtimeOf } from './shown.ts'

const newest = { before: Number.MAX_SAFE_INTEGER, limit: PAGE_SIZE }

/** A chat as staff open it: its newest messages and activity, and its user, who is as in the host's table if that answers soon */
export async function adminChat(core: Core, chat: ChatRecord): Promise<AdminSupportChat> {
  const { store, hub, hostUsers } = core
  await hostUsers?.refresh([chat.user_id], WAIT_FOR_HOST)
  const [slice, activity, user, [row]] = await Promise.all([
    store.messages(chat.id, newest),
    store.activities(chat.id, newest),
    store.findPerson(chat.user_id),
    store.listItems([chat.id]),
  ])
  if (!user) throw new Error(`Chat ${chat.id} has no user`)
  const mail_block = await store.mailBlock(user.email)
  const unsubscribed_at = (await store.unsubscribedAt(user.id)) ?? null
  return {
    id: chat.id,
    user_id: chat.user_id,
    user_email: user.email,
    archived: chat.archived_at !== null,
    assignee: chat.assignee_id === null ? null : { id: chat.assignee_id, name: chat.assignee_name },
    tags: row?.tags ?? [],
    rating: row?.rating ?? null,
    blocked_at: row?.blocked_at ?? null,
    ...slice,
    epoch: store.epoch,
    user,
    mail_block,
    unsubscribed_at,
    user_online: hub.presence(chat.id).user_online,
    user_read_seq: chat.user_read_seq,
    activity,
    attachments: attachmentsOf(core),
    ...realtimeOf(core, chat.id),
    ...helping(core, chat),
  }
}

/** What helps staff in a chat */
function helping({ assistant }: Core, { assistant_off_at }: ChatRecord): { assistant?: DeskAssistant } {
  if (!assistant) return {}
  const active = assistant.answer !== undefined && assistant_off_at === null
  return { assistant: { name: assistant.name, active, suggests: assistant.suggest !== undefined } }
}
