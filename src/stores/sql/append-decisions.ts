// What becomes of a batch, by what was read of its chats.
import { sql } from 'kysely'
import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { AttachmentRecord } from '../../server/ports/store/attachments.ts'
import { takeAttachments } from '../rules/attachment.ts'
import { activitiesOf, advance, isOvertaken, isRefused, isSameMessage, isTheirChat, place } from '../rules/message.ts'
import { isUuid } from '../rules/request-values.ts'
import { endWait } from '../rules/numbers.ts'
import type { ActivityOfChat } from './activity-writer.ts'
import type { PlacedMessage } from './append-writes.ts'
import type { LockedHead } from './read-head.ts'
import type { Write } from './write.ts'
import { writeOf } from './write.ts'

/** What a client_id belongs to, and the client_id */
type ClientKey = Pick<NewMessage, 'chat_id' | 'sender_id' | 'sender_type' | 'client_id'>
export const keyOf = (m: ClientKey): string => `${m.chat_id}\0${m.sender_type}\0${m.sender_id}\0${m.client_id}`

/** Messages by `keyOf` */
export type KnownMessages = Map<string, SupportMessage>

/** Few batches have any */
export const activitiesBy = (batch: NewMessage[], outcomes: AppendOutcome[]): ActivityOfChat[] =>
  outcomes.flatMap((outcome, i) => {
    const chat_id = batch[i]?.chat_id
    if (outcome.kind !== 'stored' || chat_id === undefined) return []
    return activitiesOf(outcome).map((activity) => ({ chat_id, activity }))
  })

export const headsById = (heads: readonly LockedHead[]): Map<string, LockedHead> =>
  new Map(heads.map((head) => [head.id, head]))

const isNamed = ({ client_id, chat_id }: NewMessage): boolean => client_id !== null && isUuid(chat_id)

/** Selects what was stored before, as `m`, under the client_ids of these messages. @param columns of `k`, which has these, and of `m` */
export function knownOf(batch: NewMessage[], columns: string): Write {
  const kinds = { chat_id: 'uuid', sender_id: 'person', sender_type: 'word', client_id: 'word' } as const
  const statement: Write['statement'] = (
    named,
  ) => sql`select ${sql.raw(columns)} from ${named} join ${sql.table('support_messages')} as m
    on m.chat_id = k.chat_id and m.sender_id = k.sender_id and m.sender_type = k.sender_type and m.client_id = k.client_id`
  return writeOf<ClientKey>({ key: `known ${columns}`, name: 'k', kinds, rows: batch.filter(isNamed), statement })
}

/** What a batch is decided by */
export interface Found {
  heads: Map<string, LockedHead>
  known: KnownMessages
  files: Map<string, AttachmentRecord>
  placed: PlacedMessage[]
}

export function decide(sent: NewMessage, { heads, known, files, placed }: Found): AppendOutcome {
  const chat = heads.get(sent.chat_id)
  if (!chat || !isTheirChat(sent, chat)) return { kind: 'no_chat' }
  const before = sent.client_id === null ? undefined : known.get(keyOf(sent))
  if (before) return isSameMessage(before, sent) ? { kind: 'repeated', message: before } : { kind: 'conflict' }
  if (isRefused(sent, chat)) return { kind: 'blocked' }
  if (isOvertaken(sent, chat)) return { kind: 'overtaken' }
  const attachments = takeAttachments(sent, files)
  if (!attachments) return { kind: 'no_attachment' }
  const message = place(sent, chat, attachments)
  if (sent.client_id !== null) known.set(keyOf(sent), message)
  placed.push({ sent, message, waited: endWait(chat, message, sent.hands_over), tags: chat.tags })
  return { kind: 'stored', message, ...advance(chat, sent, message) }
}
