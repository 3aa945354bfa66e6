import type { StaffSender } from '../../protocol/types.ts'

/** Who wrote the last message of a chat, where staff did; null otherwise */
export interface LastSenderColumns {
  last_by_id: string | null
  last_by_name: string | null
  /** 1 or null */
  last_by_automated: number | null
}

export const lastMessageBy = ({
  last_by_id: id,
  last_by_name: name,
  last_by_automated: automated,
}: LastSenderColumns): StaffSender | null =>
  id === null ? null : { id, name, ...(automated === 1 && { automated: true }) }
