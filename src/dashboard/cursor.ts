// The row that the keyboard is at, in a list or in what a search found.
import { computed, signal } from '@preact/signals'
import { found, inbox, shownPeople } from './desk.ts'
import { navigate, route } from './routes.ts'

/** A row by its key, and what it leads to */
interface Place {
  key: string
  chat: string
  at: number | null
}

/** From top to bottom: a chat's key is its id, that of what was found in messages the message's */
const places = computed<Place[]>(() => {
  const rows = inbox.value.rows.value
  const chats = (found.value === null ? rows : rows.slice(0, shownPeople.value)).map((row) => row.id)
  return [
    ...chats.map((id) => ({ key: id, chat: id, at: null })),
    ...(found.value?.rows.value ?? []).map(({ chat_id, message }) => ({
      key: message.id,
      chat: chat_id,
      at: message.seq,
    })),
  ]
})
const openPlace = (): Place | undefined => {
  const { chat, at } = route.value
  const ofChat = places.value.filter((place) => place.chat === chat)
  return ofChat.find((place) => place.at === at) ?? ofChat[0]
}

/** The row that the keyboard is at */
export const cursor = signal<string | null>(null)
/** Counts up when the list should scroll to the cursor and focus it */
export const focusCursor = signal(0)

export function move(step: 1 | -1): void {
  const all = places.value
  const from = all.findIndex((place) => place.key === (cursor.value ?? openPlace()?.key))
  const next = all[from === -1 ? 0 : Math.min(all.length - 1, Math.max(0, from + step))]
  if (next === undefined) return
  cursor.value = next.key
  focusCursor.value++
}

export function openCursor(): void {
  const place = places.value.find(({ key }) => key === cursor.value)
  if (place !== undefined) navigate({ chat: place.chat, at: place.at })
}
export const closeChat = (): void => {
  cursor.value = openPlace()?.key ?? route.value.chat
  navigate({ chat: null })
  focusCursor.value++
}
