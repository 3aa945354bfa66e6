// Tells the person of messages that come while they look at something else: by a sound, and while they are away from the page by a
// notification of their desktop. A message is told of in one tab, and in none while another tab has the person's attention.
import { computed, effect, type ReadonlySignal } from '@preact/signals'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { BrowserTabs, Desktop, Notice } from './environment.ts'
import type { Preferences } from './preferences.ts'

/** Chats that get a notification each; more than these share one */
const MOST = 4
/** However much happens, there is one sound in this time (ms) */
const BETWEEN_SOUNDS = 3_000
/** What a tab claims for a sound. All tabs share it */
const SOUND = 'sound'
/** A tab that slept for hours does not tell again what another one told of (ms) */
const REMEMBERED = 24 * 60 * 60 * 1_000
/** The key of the notification that many chats share */
const MANY = 'deskbell'

export interface AlertsOptions {
  preferences: Pick<Preferences, 'desktop' | 'sound'>
  isAttended: ReadonlySignal<boolean>
  openChat: ReadonlySignal<string | null>
  /** Who else of staff has the chat; null: who looks here, or nobody. Who looks here may be known only after the first answer */
  colleagueOf: (chat: SupportChatListItem) => string | null
  /** A colleague has the desk open, and so is told of their chats instead. Never rejects */
  isHere: (colleague: string) => Promise<boolean>
  /** What is not newer is no news: when the page began to load, by the server's clock (ms since 1970); null until that clock is known */
  since: () => number | null
  desktop: Desktop
  tabs: BrowserTabs
  /** False: the browser lets this page play no sound yet */
  canChime: () => boolean
  chime: () => void
  /** What a notification about these chats says */
  describe: (chats: readonly SupportChatListItem[]) => Pick<Notice, 'title' | 'body'>
  open: (chat: string) => void
}

export class Alerts {
  /** Messages are shown on the desktop */
  readonly isOn: ReadonlySignal<boolean>
  readonly #options: AlertsOptions
  /** When the newest message was written that is known of a chat, whether it waits, and the row that said so */
  readonly #newest = new Map<string, { at: string; isWaiting: boolean; row: SupportChatListItem }>()
  /** What takes away the notification about a chat. Many chats share one */
  readonly #shown = new Map<string, { chat: SupportChatListItem; close: () => void }>()
  #isClosed = false
  /** How often somebody came to a tab */
  #returns = 0
  readonly #stop: (() => void)[]

  constructor(options: AlertsOptions) {
    this.#options = options
    const { preferences, desktop, isAttended, tabs } = options
    this.isOn = computed(() => preferences.desktop.value && desktop.permission.value === 'granted')
    this.#stop = [
      tabs.onReturn(() => this.#returned()),
      effect(() => {
        tabs.attend(isAttended.value)
        if (isAttended.value) this.#returned()
      }),
    ]
  }

  /** The server listed these chats */
  listed(chats: readonly SupportChatListItem[]): void {
    void this.#tell(chats.filter((chat) => this.#isNews(chat)))
  }

  /** A row of the server's list changed, or is new */
  changed(chat: SupportChatListItem): void {
    if (this.#isNews(chat)) void this.#tell([chat])
  }

  erased(chat: string): void {
    this.#takeAway(chat)
    const known = this.#newest.get(chat)
    if (known) known.isWaiting = false
  }

  close(): void {
    this.#isClosed = true
    for (const stop of this.#stop) stop()
    this.#options.tabs.attend(false)
    this.#takeAllAway()
  }

  /** Whoever is back sees the list */
  #returned(): void {
    this.#returns++
    this.#takeAllAway()
  }

  #isNews(chat: SupportChatListItem): boolean {
    const { id, last_message_at: at, last_message_sender: sender } = chat
    const { colleagueOf } = this.#options
    const before = this.#newest.get(id)
    const colleague = colleagueOf(chat)
    const isWaiting = chat.unread && !chat.archived && sender === 'user'
    const isGiven = colleague !== null && before !== undefined && colleagueOf(before.row) !== colleague
    if (!isWaiting || isGiven) this.#takeAway(id)
    // An answer may be older than an event
    if (at === null || (before !== undefined && at < before.at)) return false
    const since = before === undefined ? this.#options.since() : Date.parse(before.at)
    // The first answer tells the server's time, and the list that follows the connection has this chat too
    if (since === null) return false
    this.#newest.set(id, { at, isWaiting, row: chat })
    return isWaiting && Date.parse(at) > since
  }

  /** Never rejects */
  async #tell(chats: readonly SupportChatListItem[]): Promise<void> {
    const { isAttended, openChat, tabs, preferences, canChime, chime } = this.#options
    const isHere = isAttended.peek()
    const elsewhere = isHere ? chats.filter(({ id }) => id !== openChat.peek()) : chats
    const wantsSound = preferences.sound.peek()
    const canRing = wantsSound && canChime()
    const canShow = !isHere && this.isOn.peek()
    // What this tab claims, no other one tells of
    if (elsewhere.length === 0 || !(canRing || canShow)) return
    const returns = this.#returns
    const unseen = await this.#withoutThoseOfOthers(elsewhere)
    if (unseen.length === 0) return
    if (!isHere && (await tabs.attendedElsewhere())) return
    const claims = await tabs.claim(
      unseen.map(({ id, last_message_at: at }) => `${id} ${at}`),
      REMEMBERED,
    )
    const mayRing = wantsSound && claims.includes(true) && (await tabs.claim([SOUND], BETWEEN_SOUNDS)).includes(true)
    // Meanwhile somebody may have come, or read it
    const own = unseen.filter((chat, i) => claims[i] && this.#isWaiting(chat))
    if (own.length === 0 || this.#isClosed || returns !== this.#returns) return
    if (mayRing && canRing) chime()
    // Where this page may play nothing, the desktop does
    if (canShow) this.#show(own, !mayRing || canRing)
  }

  /** Without the chats of colleagues who are there themselves. What somebody has who is not is everybody's */
  async #withoutThoseOfOthers(chats: readonly SupportChatListItem[]): Promise<readonly SupportChatListItem[]> {
    const { colleagueOf, isHere } = this.#options
    const isTheirs = await Promise.all(
      chats.map(async (chat) => {
        const colleague = colleagueOf(chat)
        return colleague !== null && (await isHere(colleague)) && colleagueOf(chat) !== null
      }),
    )
    return chats.filter((_, i) => !isTheirs[i])
  }

  /** Its newest message is the one that it has here, and waits; it was not given to a colleague meanwhile */
  #isWaiting(chat: SupportChatListItem): boolean {
    const known = this.#newest.get(chat.id)
    if (known?.at !== chat.last_message_at || !known.isWaiting) return false
    const { colleagueOf } = this.#options
    const colleague = colleagueOf(known.row)
    return colleague === null || colleague === colleagueOf(chat)
  }

  #show(chats: readonly SupportChatListItem[], silent: boolean): void {
    const ids = new Set([...this.#shown.keys(), ...chats.map(({ id }) => id)])
    if (ids.size <= MOST) {
      for (const chat of chats) this.#notify(chat.id, [chat], silent)
      return
    }
    const before = [...this.#shown.values()]
      .map(({ chat }) => chat)
      .filter(({ id }) => !chats.some((one) => one.id === id))
    this.#takeAllAway()
    this.#notify(MANY, [...before, ...chats], silent)
  }

  #notify(key: string, chats: readonly SupportChatListItem[], silent: boolean): void {
    const { desktop, describe, open } = this.#options
    const [only] = chats.length === 1 ? chats : []
    const close = desktop.show({
      key,
      ...describe(chats),
      silent,
      clicked: () => only && open(only.id),
      gone: () => {
        for (const [id, shown] of this.#shown) if (shown.close === close) this.#shown.delete(id)
      },
    })
    for (const chat of chats) this.#shown.set(chat.id, { chat, close })
  }

  #takeAway(id: string): void {
    const shown = this.#shown.get(id)
    if (shown === undefined) return
    this.#shown.delete(id)
    if (![...this.#shown.values()].some(({ close }) => close === shown.close)) shown.close()
  }

  #takeAllAway(): void {
    for (const id of this.#shown.keys()) this.#takeAway(id)
  }
}
