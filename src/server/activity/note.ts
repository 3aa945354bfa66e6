import { DeskbellError } from '../../protocol/errors.ts'
import type { SupportNote } from '../../protocol/activity.ts'
import type { Core } from '../core.ts'
import { checkContent } from '../messages/check-content.ts'
import { personKey, type Identity } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

export interface OutgoingNote {
  /** A member of staff */
  writer: Identity
  chat: ChatRecord
  content: string
  /** What the writer calls it; null: it has no such id */
  clientId: string | null
}

export interface WrittenNote {
  note: SupportNote
  /** It was stored before, under the same client_id */
  repeated: boolean
}

/**
 * Writes a note of staff to a chat, which its user never sees. Resolves once it is durable.
 * @throws DeskbellError `forbidden`, `not_found`, `blank`, `too_long`, `invalid_request`, `rate_limited`, `conflict`
 */
export async function writeNote(core: Core, { writer, chat, content, clientId }: OutgoingNote): Promise<WrittenNote> {
  const { store, clock, events, rateLimit } = core
  authorize(writer, 'write_note', chat)
  checkContent(content)
  rateLimit?.take(personKey(writer))
  const outcome = await store.addNote({
    chat_id: chat.id,
    content,
    actor: { id: writer.id, name: writer.name },
    client_id: clientId,
    created_at: isoTime(clock.now()),
  })
  if (outcome.kind === 'no_chat') throw new DeskbellError('not_found', 'There is no such chat')
  if (outcome.kind === 'conflict') throw new DeskbellError('conflict')
  const { note } = outcome
  if (outcome.kind === 'stored') events.emit([{ type: 'activity', chat, activity: note }])
  return { note, repeated: outcome.kind === 'repeated' }
}
