// The state behind the list: the two tabs, a search, the unread total, the row the keyboard is at.
import { computed, effect, signal, untracked } from '@preact/signals'
import type { SupportChatListItem } from '../protocol/types.ts'
import { Inbox } from './inbox.ts'
import { api } from './link.ts'
import { navigate, route } from './routes.ts'
import { strings } from './strings.ts'

const active = new Inbox(false, '')
const archived = new Inbox(true, '')
const search = signal<Inbox | null>(null)

/** What is searched for; the search box sets it when typing pauses */
export const query = signal('')
export const inbox = computed(() => search.value ?? (route.value.archived ? archived : active))

const inArchive = computed(() => route.value.archived)
effect(() => {
  const q = query.value.trim()
  const inTab = inArchive.value
  untracked(() => search.value)?.close()
  search.value = q === '' ? null : new Inbox(inTab, q)
})
effect(() => inbox.value.start())

const inboxes = (): Inbox[] => (search.value === null ? [active, archived] : [active, archived, search.value])

/** Active chats with something unread */
export const unread = signal(0)
let counting = false
/** At most once a second, however many events come */
export function countUnread(): void {
  if (counting) return
  counting = true
  setTimeout(() => {
    counting = false
    api.adminUnreadCount().then(
      (count) => {
        unread.value = count.unread_chats
      },
      // The next event or reconnect counts again
      () => {},
    )
  }, 300)
}

export function applyRow(chat: SupportChatListItem): void {
  for (const box of inboxes()) box.apply(chat)
}

export function refreshAll(): void {
  for (const box of inboxes()) void box.refresh()
  countUnread()
}

export const findRow = (id: string): SupportChatListItem | undefined =>
  inboxes()
    .map((box) => box.row(id))
    .find((row) => row !== undefined)

/** The row that the keyboard is at */
export const cursor = signal<string | null>(null)
/** Counts up when the list should scroll to the cursor and focus it */
export const focusCursor = signal(0)

export function move(step: 1 | -1): void {
  const rows = inbox.value.rows.value
  const from = rows.findIndex((row) => row.id === (cursor.value ?? route.value.chat))
  const next = rows[from === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, from + step))]
  if (next === undefined) return
  cursor.value = next.id
  focusCursor.value++
}

/** A sentence for when something the person asked for failed; goes away by itself */
export const notice = signal<string | null>(null)
let noticeTimer: ReturnType<typeof setTimeout> | undefined
function say(sentence: string): void {
  notice.value = sentence
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(() => {
    notice.value = null
  }, 8_000)
}

/** Archives or restores; resolves to whether it worked */
export async function archive(id: string, to: boolean): Promise<boolean> {
  try {
    await (to ? api.adminArchive(id) : api.adminUnarchive(id))
  } catch {
    say(to ? strings.archiveFailed : strings.restoreFailed)
    return false
  }
  // The server says it by socket too; without one the list should still be right
  const row = findRow(id)
  if (row !== undefined) applyRow({ ...row, archived: to })
  countUnread()
  return true
}

export const openChat = (id: string): void => navigate({ chat: id })
export const closeChat = (): void => {
  cursor.value = route.value.chat
  navigate({ chat: null })
  focusCursor.value++
}
