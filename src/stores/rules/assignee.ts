import type { Assignee } from '../../protocol/types.ts'
import type { ChatRecord } from '../../server/ports/store/chats.ts'

export type AssigneeColumns = Pick<ChatRecord, 'assignee_id' | 'assignee_name'>

/** Who has a chat, from its columns */
export const assigneeFrom = ({ assignee_id: id, assignee_name: name }: AssigneeColumns): Assignee | null =>
  id === null ? null : { id, name }
