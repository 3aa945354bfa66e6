// What the palette offers for what somebody typed, and which of it is chosen. Chats that the list has loaded are found at once; the
// server is asked for others when typing pauses.
import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { FoundPerson, SupportChatListItem } from '../../protocol/types.ts'
import type { LoadChats } from '../state/chat-rows.ts'
import type { Clock } from '../state/environment.ts'
import { matcher } from './matches.ts'

/** Typing has paused when no key was pressed for this long (ms) */
const TYPING_PAUSE = 150
const MOST_COMMANDS = 6
const MOST_CHATS = 8
const MOST_PEOPLE = 6
/** Without anything typed */
const MOST_UNREAD = 5

export interface Command {
  label: string
  /** The key that does it too */
  key?: string
  run: () => void
}

export type Entry =
  | { id: string; kind: 'command'; command: Command }
  | { id: string; kind: 'chat'; chat: SupportChatListItem }
  /** Somebody whose chat is not among those that were found, or who has none */
  | { id: string; kind: 'person'; person: FoundPerson }

export interface Group {
  name: 'commands' | 'chats' | 'unreadChats' | 'people'
  entries: Entry[]
}

export interface PaletteOptions {
  /** Those that can be given now */
  commands: () => readonly Command[]
  /** What is offered last for whatever was typed */
  otherwise: (q: string) => Command
  rows: ReadonlySignal<readonly SupportChatListItem[]>
  load: LoadChats
  loadPeople: (q: string) => Promise<readonly FoundPerson[]>
  /** Nothing but people is offered: a chat is to be started */
  isOnlyPeople: boolean
  clock: Clock
}

export class Palette {
  readonly text = signal('')
  readonly groups: ReadonlySignal<readonly Group[]>
  /** null: there is nothing */
  readonly chosen: ReadonlySignal<Entry | null>
  readonly isSearching = signal(false)
  readonly #options: PaletteOptions
  readonly #picked = signal<string | null>(null)
  readonly #found = signal<readonly SupportChatListItem[]>([])
  readonly #people = signal<readonly FoundPerson[]>([])
  readonly #entries: ReadonlySignal<readonly Entry[]>
  readonly #stop: () => void

  constructor(options: PaletteOptions) {
    this.#options = options
    this.groups = computed(() => this.#group())
    this.#entries = computed(() => this.groups.value.flatMap(({ entries }) => entries))
    this.chosen = computed(() => {
      const entries = this.#entries.value
      return entries.find(({ id }) => id === this.#picked.value) ?? entries[0] ?? null
    })
    this.#stop = effect(() => this.#ask(this.text.value.trim()))
  }

  type(text: string): void {
    batch(() => {
      this.text.value = text
      this.#picked.value = null
    })
  }

  /** To the next entry, or from the last one to the first */
  move(step: 1 | -1): void {
    const entries = this.#entries.peek()
    const from = entries.findIndex(({ id }) => id === this.chosen.peek()?.id)
    this.#picked.value = entries.at((from + step) % entries.length)?.id ?? null
  }

  pick(id: string): void {
    this.#picked.value = id
  }

  close(): void {
    this.#stop()
  }

  #group(): Group[] {
    const { commands, otherwise, rows, isOnlyPeople } = this.#options
    const q = this.text.value.trim()
    if (isOnlyPeople) return some([{ name: 'people', entries: this.#people.value.map(personEntry) }])
    const isCalledSo = matcher(q)
    const own = commands().filter(({ label }) => isCalledSo(label))
    if (q === '') {
      const unread = rows.value.filter((row) => row.unread && !row.archived).slice(0, MOST_UNREAD)
      return some([
        { name: 'unreadChats', entries: unread.map(chatEntry) },
        { name: 'commands', entries: own.map(commandEntry) },
      ])
    }
    const loaded = rows.value.filter(({ user_name: name, user_email: email }) => isCalledSo(`${name ?? ''} ${email}`))
    const chats = new Map([...loaded, ...this.#found.value].map((chat) => [chat.id, chat]))
    return some([
      { name: 'commands', entries: own.slice(0, MOST_COMMANDS).map(commandEntry) },
      {
        name: 'chats',
        entries: [...[...chats.values()].slice(0, MOST_CHATS).map(chatEntry), commandEntry(otherwise(q))],
      },
      {
        name: 'people',
        entries: this.#people.value
          .filter(({ chat_id }) => chat_id === null || !chats.has(chat_id))
          .slice(0, MOST_PEOPLE)
          .map(personEntry),
      },
    ])
  }

  #ask(q: string): (() => void) | undefined {
    untracked(() =>
      batch(() => {
        this.#found.value = []
        this.#people.value = []
        this.isSearching.value = q !== ''
      }),
    )
    if (q === '') return undefined
    const { load, loadPeople, isOnlyPeople, clock } = this.#options
    let isOver = false
    const search = async (): Promise<void> => {
      const tabs = isOnlyPeople ? [] : [false, true]
      const [people, ...pages] = await Promise.allSettled([
        loadPeople(q),
        ...tabs.map((archived) => load({ archived, q, limit: MOST_CHATS })),
      ])
      if (isOver) return
      batch(() => {
        // What is loaded is found without an answer
        this.#found.value = pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.chats : []))
        if (people.status === 'fulfilled') this.#people.value = people.value
        this.isSearching.value = false
      })
    }
    const cancel = clock.after(TYPING_PAUSE, () => void search())
    return () => {
      isOver = true
      cancel()
    }
  }
}

const some = (groups: Group[]): Group[] => groups.filter(({ entries }) => entries.length > 0)
const chatEntry = (chat: SupportChatListItem): Entry => ({ id: `chat-${chat.id}`, kind: 'chat', chat })
const personEntry = (person: FoundPerson): Entry => ({ id: `person-${person.id}`, kind: 'person', person })
const commandEntry = (command: Command): Entry => ({ id: `command-${command.label}`, kind: 'command', command })
