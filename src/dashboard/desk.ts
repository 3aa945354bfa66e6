// The state behind the list: the two tabs, a search in addresses and in messages, the unread total.
import { computed, effect, signal, untracked } from '@preact/signals'
import type { SupportChatListItem } from '../protocol/types.ts'
import { Found } from './found.ts'
import { Inbox } from './inbox.ts'
import { api, canSearchMessages } from './link.ts'
import { route } from './routes.ts'
import { strings } from './strings.ts'

const active = new Inbox(false, '')
const archived = new Inbox(true, '')
/** People by their address, and where the server can, chats by what was written in them */
interface Search {
  people: Inbox
  messages: Found | null
}
const search = signal<Search | null>(null)
/** Asked for, and not yet in place of what is on the screen */
let coming: Search | null = null
export const found = computed(() => search.value?.messages ?? null)
/** How many people a search shows before what is found in messages */
const FEW_PEOPLE = 5
export const shownPeople = signal(FEW_PEOPLE)
/** How long the screen waits for a search before it shows that it waits (ms) */
const PATIENCE = 400

/** What is searched for; the search box sets it when typing pauses */
export const query = signal('')
export const inbox = computed(() => search.value?.people ?? (route.value.archived ? archived : active))

const close = (old: Search | null): void => {
  old?.people.close()
  old?.messages?.close()
}
const isLoading = ({ people, messages }: Search): boolean =>
  people.state.value === 'loading' || messages?.state.value === 'loading'

const inArchive = computed(() => route.value.archived)
effect(() => {
  const q = query.value.trim()
  const inTab = inArchive.value
  const withMessages = canSearchMessages.value
  if (q === '') {
    close(search.peek())
    search.value = null
    return undefined
  }
  const next = untracked((): Search => ({ people: new Inbox(inTab, q), messages: withMessages ? new Found(q) : null }))
  coming = next
  untracked(() => next.people.start())
  const show = (): void => {
    if (coming !== next) return
    coming = null
    close(search.peek())
    shownPeople.value = FEW_PEOPLE
    search.value = next
  }
  // What is there stays until there is something in its place, so that nothing blinks while somebody types
  const stop = effect(() => {
    if (!isLoading(next)) untracked(show)
  })
  const timer = setTimeout(show, PATIENCE)
  return () => {
    stop()
    clearTimeout(timer)
    if (coming === next) close(next)
  }
})
effect(() => inbox.value.start())

const searches = (): Search[] => [search.value, coming].filter((one) => one !== null)
const inboxes = (): Inbox[] => [active, archived, ...searches().map(({ people }) => people)]

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
  for (const { messages } of searches()) messages?.apply(chat)
}

export function refreshAll(): void {
  for (const box of inboxes()) void box.refresh()
  for (const { messages } of searches()) messages?.retry()
  countUnread()
}

export const findRow = (id: string): SupportChatListItem | undefined =>
  inboxes()
    .map((box) => box.row(id))
    .find((row) => row !== undefined)

/** undefined for a chat that no list has */
export const isArchived = (id: string): boolean | undefined =>
  findRow(id)?.archived ?? found.value?.rows.value.find((row) => row.chat_id === id)?.archived

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
  found.value?.apply({ id, archived: to })
  countUnread()
  return true
}
