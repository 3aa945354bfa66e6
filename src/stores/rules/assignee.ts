import type { Assignee } from '../../protocol/types.ts'
import type { Assigning, ChatRecord } from '../../server/ports/store/chats.ts'

export type AssigneeColumns = Pick<ChatRecord, 'assignee_id' | 'assignee_name'>

/** Who has a chat, from its columns */
export const assigneeFrom = ({ assignee_id: id, assignee_name: name }: AssigneeColumns): Assignee | null =>
  id === null ? null : { id, name }

export const changesAssignee = (
  { assignee_id: has }: Pick<AssigneeColumns, 'assignee_id'>,
  { assignee, from }: Pick<Assigning, 'assignee' | 'from'>,
): boolean => has !== (assignee?.id ?? null) && (from === undefined || has === from)
