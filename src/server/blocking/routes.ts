// Staff block a user: nothing that the user sends is taken in any more, by whatever way it comes. They can read on, and staff can write to them.
import { DeskbellError } from '../../protocol/errors.ts'
import type { BlockedUser } from '../../protocol/types.ts'
import { findChatOfUser } from '../chats/open.ts'
import { userParams } from '../chats/routes.ts'
import type { Core } from '../core.ts'
import { route } from '../http/route.ts'
import type { Identity } from '../people/identity.ts'
import { setBlocked } from './block.ts'
import { blockedUser } from './schemas.ts'

export function blockRoutes(core: Core) {
  async function set(identity: Identity, userId: string, blocked: boolean): Promise<BlockedUser> {
    const chat = await findChatOfUser(core, { identity, action: 'block_user', userId })
    await setBlocked(core, chat, blocked, { id: identity.id, name: identity.name })
    const [row] = await core.store.listItems([chat.id])
    if (!row) throw new DeskbellError('not_found', 'The user was just erased')
    return { id: row.user_id, chat_id: row.id, blocked_at: row.blocked_at }
  }

  return [
    route({
      method: 'POST',
      path: '/admin/users/:id/block',
      name: 'blockUser',
      action: 'block_user',
      summary: 'Takes in nothing more that a user sends: their messages are answered with `blocked`',
      params: userParams,
      answers: { 200: { json: blockedUser } },
    })(async ({ identity, params: { id } }) => ({ status: 200, body: await set(identity, id, true) })),
    route({
      method: 'POST',
      path: '/admin/users/:id/unblock',
      name: 'unblockUser',
      action: 'block_user',
      summary: 'Takes in again what a user sends',
      params: userParams,
      answers: { 200: { json: blockedUser } },
    })(async ({ identity, params: { id } }) => ({ status: 200, body: await set(identity, id, false) })),
  ]
}
