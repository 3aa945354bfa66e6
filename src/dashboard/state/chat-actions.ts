// What staff do to a chat from anywhere in the dashboard. None of it rejects: what fails is told by a notice.
import { batch, signal } from '@preact/signals'
import type { Desk } from './desk.ts'
import type { DeskApi } from './desk-api.ts'
import type { FailureNotice } from './failure-notice.ts'
import type { Lists } from './lists.ts'
import type { Navigation } from './navigation.ts'
import type { Settling } from './settling.ts'
import type { UnreadCount } from './unread-count.ts'

interface ChatActionParts {
  api: Pick<DeskApi, 'adminArchive' | 'adminUnarchive' | 'adminStartChat'>
  lists: Lists
  settling: Settling<boolean>
  unread: UnreadCount
  failure: FailureNotice
  navigation: Navigation
}

export function chatActions({
  api,
  lists,
  settling,
  unread,
  failure,
  navigation,
}: ChatActionParts): Pick<Desk, 'archive' | 'writeTo' | 'toWriteIn'> {
  const toWriteIn = signal<string | null>(null)
  return {
    toWriteIn,
    async archive(chat, archived) {
      const takeBack = settling.own(chat, archived)
      try {
        await (archived ? api.adminArchive(chat) : api.adminUnarchive(chat))
      } catch {
        takeBack()
        failure.show(archived ? 'archive' : 'restore')
        return false
      }
      // The server says it by socket too; without one the list should still be right
      batch(() => lists.applyArchived(chat, archived))
      unread.recount()
      return true
    },
    async writeTo({ id, chat_id }) {
      try {
        const chat = chat_id ?? (await api.adminStartChat(id)).id
        batch(() => {
          toWriteIn.value = chat
          navigation.navigate({ chat, page: null })
        })
      } catch {
        failure.show('startChat')
      }
    },
  }
}
