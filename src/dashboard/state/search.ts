// What the person searches for: people by their name or address in the tab that is open, and where the server can, messages in all
// chats. A new search takes the place of the old one when it has an answer, so that nothing blinks while somebody types.
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { PeopleSearch } from './people-search.ts'
import type { LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'
import { FoundMessages, type SearchMessages } from './found-messages.ts'

/** Typing has paused when no key was pressed for this long (ms) */
const TYPING_PAUSE = 200
/** How long the old results stay while the new ones are on their way (ms) */
const PATIENCE = 400
/** How many people are shown above what was found in messages, and how many more at a time */
const FEW_PEOPLE = 5
const MORE_PEOPLE = 50

export interface SearchOutcome {
  q: string
  people: PeopleSearch
  /** null where the server cannot search messages */
  messages: FoundMessages | null
}

export interface SearchOptions {
  loadChats: LoadChats
  searchMessages: SearchMessages
  canSearchMessages: ReadonlySignal<boolean>
  /** The tab whose people are searched */
  inArchive: ReadonlySignal<boolean>
  clock: Clock
}

export class Search {
  /** null while nothing is searched for, or the first answer is on its way */
  readonly results = signal<SearchOutcome | null>(null)
  readonly peopleShown = signal(FEW_PEOPLE)
  /** What is in the search box */
  readonly text = signal('')
  readonly canSearchMessages: ReadonlySignal<boolean>

  readonly #options: SearchOptions
  readonly #q = signal('')
  /** Not yet in place of `results` */
  #coming: SearchOutcome | null = null
  #cancelPause = (): void => {}
  readonly #stop: () => void

  constructor(options: SearchOptions) {
    this.#options = options
    this.canSearchMessages = options.canSearchMessages
    this.#stop = effect(() => this.#run())
  }

  /** Searches when typing pauses */
  type(text: string): void {
    this.text.value = text
    this.#cancelPause()
    this.#cancelPause = this.#options.clock.after(TYPING_PAUSE, () => {
      this.#q.value = text.trim()
    })
  }

  /** Ends the search at once */
  clear(): void {
    this.#cancelPause()
    this.text.value = ''
    this.#q.value = ''
  }

  showMorePeople(): void {
    const people = this.results.peek()?.people
    this.peopleShown.value += MORE_PEOPLE
    if (people && this.peopleShown.peek() > people.rows.peek().length) void people.loadMore()
  }

  /** The results on the screen, and those that will take their place */
  all(): SearchOutcome[] {
    return [this.results.peek(), this.#coming].filter((one) => one !== null)
  }

  close(): void {
    this.#stop()
    this.#cancelPause()
    for (const results of this.all()) close(results)
  }

  #run(): (() => void) | undefined {
    const { loadChats, searchMessages, canSearchMessages, inArchive, clock } = this.#options
    const q = this.#q.value
    const archived = inArchive.value
    const withMessages = canSearchMessages.value
    if (q === '') {
      close(this.results.peek())
      this.results.value = null
      return undefined
    }
    const next: SearchOutcome = {
      q,
      people: new PeopleSearch({ archived, q, load: loadChats, clock }),
      messages: withMessages ? new FoundMessages(q, searchMessages) : null,
    }
    this.#coming = next
    untracked(() => {
      next.people.start()
      void next.messages?.load()
    })
    const show = (): void => {
      if (this.#coming !== next) return
      this.#coming = null
      close(this.results.peek())
      this.peopleShown.value = FEW_PEOPLE
      this.results.value = next
    }
    const stop = effect(() => {
      if (!isLoading(next)) untracked(show)
    })
    const cancel = clock.after(PATIENCE, show)
    return () => {
      stop()
      cancel()
      if (this.#coming !== next) return
      this.#coming = null
      close(next)
    }
  }
}

/** There is an answer, and it is that there is nothing */
export const foundNothing = ({ people, messages }: SearchOutcome): boolean =>
  people.state.value === 'ready' &&
  people.rows.value.length === 0 &&
  (messages === null ||
    (messages.state.value === 'ready' && messages.rows.value.length === 0 && messages.more.value === 'none'))

const isLoading = ({ people, messages }: SearchOutcome): boolean =>
  people.state.value === 'loading' || messages?.state.value === 'loading'

function close(results: SearchOutcome | null): void {
  results?.people.close()
  results?.messages?.close()
}
