import { DeskbellError } from '../../protocol/errors.ts'
import type { Assignee } from '../../protocol/types.ts'
import type { Core } from '../core.ts'
import type { Identity } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import { isoTime } from '../ports/clock.ts'
import type { Actor } from '../ports/store/activities.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { setAssignee } from './set-assignee.ts'

/** More of a team than anybody looks through. What is longer is cut to those who were here last */
export const MAX_COLLEAGUES = 200

interface Assignment {
  /** A member of staff */
  actor: Identity
  chat: ChatRecord
  /** Null: nobody is to have the chat */
  assigneeId: string | null
}

/**
 * Gives a chat to somebody of staff, or to nobody. To who has it already, nothing happens.
 * @returns who has it once it is durable
 * @throws DeskbellError `forbidden`; `unknown_colleague` when nobody of staff with this id was ever here, or they left
 */
export async function assign(core: Core, { actor, chat, assigneeId }: Assignment): Promise<Assignee | null> {
  authorize(actor, 'assign_chat', chat)
  const { id, name } = actor
  const assignee: Actor | null = assigneeId === id ? { id, name } : assigneeId === null ? null : await known(assigneeId)
  await setAssignee(core, chat, { assignee, actor: { id, name }, at: isoTime(core.clock.now()) })
  return assignee

  async function known(id: string): Promise<Actor> {
    const colleague = await core.store.findColleague(id)
    if (!colleague || core.departures.hasLeft(colleague)) throw new DeskbellError('unknown_colleague')
    return { id, name: colleague.name }
  }
}
