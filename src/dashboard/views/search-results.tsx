// What a search shows where messages can be searched: people who are called so or whose address begins so, then what was written.
import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { PeopleSearch } from '../state/people-search.ts'
import type { FoundMessages } from '../state/found-messages.ts'
import { ChatCard } from './chat-card.tsx'
import { useDashboard } from './context.ts'
import { FoundCard } from './found-card.tsx'
import { ListSkeleton } from './skeleton.tsx'
import { useHold } from './use-hold.ts'

/** From how far above the end the next page is asked for (px) */
const AHEAD = 600

interface Props {
  people: PeopleSearch
  found: FoundMessages
}

export function SearchResults({ people, found }: Props): JSX.Element {
  const { cursor } = useDashboard().desk
  const scroller = useRef<HTMLDivElement>(null)
  const focused = useRef(cursor.focus.value)
  const wanted = cursor.focus.value
  useLayoutEffect(() => {
    if (wanted === focused.current || cursor.at.value === null) return
    focused.current = wanted
    scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(cursor.at.value)}"]`)?.focus()
  })
  // A window that is taller than its rows is never scrolled
  useLayoutEffect(loadIfNear, [found.rows.value.length])

  function loadIfNear(): void {
    const element = scroller.current
    if (!element || found.more.value !== 'idle') return
    if (element.scrollHeight - element.scrollTop - element.clientHeight < AHEAD) void found.load()
  }

  return (
    <div
      class="scroller"
      ref={scroller}
      onScroll={loadIfNear}
      {...useHold(people)}
      onFocusIn={(event) => {
        const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
        if (card?.dataset['row'] !== undefined) cursor.at.value = card.dataset['row']
      }}
    >
      <People people={people} />
      <Messages found={found} />
    </div>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="found" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

function People({ people }: { people: PeopleSearch }): JSX.Element | null {
  const { desk, words } = useDashboard()
  const rows = people.rows.value
  if (rows.length === 0 && people.state.value !== 'error') return null
  const shown = rows.slice(0, desk.search.peopleShown.value)
  const hasMore = rows.length > shown.length || people.more.value !== 'none'
  return (
    <Section id="found-people" title={words.foundPeople}>
      {people.state.value === 'error' && <Failure sentence={words.listFailed} retry={() => void people.refresh()} />}
      <ul role="list">
        {shown.map((chat) => (
          <li key={chat.id}>
            <ChatCard chat={chat} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <button class="found-more" type="button" onClick={() => desk.search.showMorePeople()}>
          {words.morePeople}
        </button>
      )}
    </Section>
  )
}

function Messages({ found }: { found: FoundMessages }): JSX.Element {
  const { words } = useDashboard()
  const rows = found.rows.value
  const state = found.state.value
  return (
    <Section id="found-messages" title={words.foundMessages}>
      {state === 'loading' && <ListSkeleton label={words.searchingMessages} cards={4} />}
      {state === 'error' && <Failure sentence={words.searchFailed} retry={() => void found.load()} />}
      {state === 'ready' && rows.length === 0 && found.more.value === 'none' && (
        <p class="found-none">{words.noMessage}</p>
      )}
      <ul role="list">
        {rows.map((row) => (
          <li key={row.chat_id}>
            <FoundCard found={row} q={found.q} />
          </li>
        ))}
      </ul>
      <More found={found} />
    </Section>
  )
}

function More({ found }: { found: FoundMessages }): JSX.Element | null {
  const { words, moments } = useDashboard()
  const more = found.more.value
  const to = found.searchedTo.value
  if (more === 'loading') return <p class="more">{words.searchingMessages}</p>
  if (more === 'error') return <Failure sentence={words.searchFailed} retry={() => void found.load()} />
  if (more !== 'paused') return null
  return (
    <div class="found-further">
      {to !== null && <p>{words.searchedTo(moments.day(to), found.rows.value.length === 0)}</p>}
      <button class="button" type="button" onClick={() => void found.load()}>
        {words.searchFurther}
      </button>
    </div>
  )
}

function Failure({ sentence, retry }: { sentence: string; retry: () => void }): JSX.Element {
  const { words } = useDashboard()
  return (
    <p class="more" role="alert">
      {sentence}{' '}
      <button class="link" type="button" onClick={retry}>
        {words.retry}
      </button>
    </p>
  )
}
