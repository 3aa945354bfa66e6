// Does something with many chats: a request for each, a few at a time, so that one that fails says which chat it was.
import type { StaffApi } from '../../client/staff/staff-api.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { BulkWork } from './selection.ts'

/** Requests at the same time */
const AT_ONCE = 6

/** @returns those for which it did not work. @param tried is told after each how many were */
export async function bulkRun(
  chats: readonly SupportChatListItem[],
  send: (chat: SupportChatListItem) => Promise<void>,
  tried: (n: number) => void,
): Promise<Set<SupportChatListItem>> {
  const waiting = [...chats]
  const failed = new Set<SupportChatListItem>()
  let n = 0
  const worker = async (): Promise<void> => {
    for (let chat = waiting.shift(); chat !== undefined; chat = waiting.shift()) {
      const one = chat
      await send(one).catch(() => failed.add(one))
      tried(++n)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return failed
}

/** Rejects when it did not work */
export async function bulkRequest(
  api: StaffApi,
  work: BulkWork,
  { id, message_count }: SupportChatListItem,
): Promise<void> {
  switch (work.kind) {
    case 'archive':
      return api.adminArchive(id)
    case 'restore':
      return api.adminUnarchive(id)
    case 'view':
      // What the row showed; what comes meanwhile stays new
      return void (await api.request('POST', `admin/chats/${id}/mark_viewed`, { up_to_seq: message_count }))
    case 'assign':
      return void (await api.adminAssign(id, work.assigneeId))
    case 'tag':
      return void (await api.adminChangeTags(id, { add: [work.tag] }))
  }
}
