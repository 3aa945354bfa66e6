// What a search shows where messages can be searched: people whose address begins like it, then what was written.
import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { ChatCard } from './chat-card.tsx'
import { day } from './clock.ts'
import { cursor, focusCursor } from './cursor.ts'
import { shownPeople } from './desk.ts'
import { FoundCard } from './found-card.tsx'
import type { Found } from './found.ts'
import type { Inbox } from './inbox.ts'
import { ListSkeleton } from './skeleton.tsx'
import { strings } from './strings.ts'

/** From how far above the end the next page is asked for (px) */
const AHEAD = 600
const MORE_PEOPLE = 50

interface Props {
  people: Inbox
  found: Found
}

export function SearchResults({ people, found }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const focused = useRef(focusCursor.value)
  const wanted = focusCursor.value
  useLayoutEffect(() => {
    if (wanted === focused.current || cursor.value === null) return
    focused.current = wanted
    scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(cursor.value)}"]`)?.focus()
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
      onPointerEnter={(event) => event.pointerType === 'mouse' && people.hold(true)}
      onPointerLeave={() => people.hold(false)}
      onFocusIn={(event) => {
        const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
        if (card?.dataset['row'] !== undefined) cursor.value = card.dataset['row']
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

function People({ people }: { people: Inbox }): JSX.Element | null {
  const rows = people.rows.value
  if (rows.length === 0 && people.state.value !== 'error') return null
  const shown = rows.slice(0, shownPeople.value)
  const hasMore = rows.length > shown.length || people.more.value !== 'none'
  const showMore = (): void => {
    shownPeople.value += MORE_PEOPLE
    if (shownPeople.value > rows.length) void people.loadMore()
  }
  return (
    <Section id="found-people" title={strings.foundPeople}>
      {people.state.value === 'error' && <Failure sentence={strings.listFailed} retry={() => void people.refresh()} />}
      <ul role="list">
        {shown.map((chat) => (
          <li key={chat.id}>
            <ChatCard chat={chat} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <button class="found-more" type="button" onClick={showMore}>
          {strings.morePeople}
        </button>
      )}
    </Section>
  )
}

function Messages({ found }: { found: Found }): JSX.Element {
  const rows = found.rows.value
  const state = found.state.value
  return (
    <Section id="found-messages" title={strings.foundMessages}>
      {state === 'loading' && <ListSkeleton label={strings.searchingMessages} cards={4} />}
      {state === 'error' && <Failure sentence={strings.searchFailed} retry={() => void found.load()} />}
      {state === 'ready' && rows.length === 0 && found.more.value === 'none' && (
        <p class="found-none">{strings.noMessage}</p>
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

function More({ found }: { found: Found }): JSX.Element | null {
  const more = found.more.value
  const to = found.searchedTo.value
  if (more === 'loading') return <p class="more">{strings.searchingMessages}</p>
  if (more === 'error') return <Failure sentence={strings.searchFailed} retry={() => void found.load()} />
  if (more !== 'paused') return null
  return (
    <div class="found-further">
      {to !== null && <p>{strings.searchedTo(day(to), found.rows.value.length === 0)}</p>}
      <button class="button" type="button" onClick={() => void found.load()}>
        {strings.searchFurther}
      </button>
    </div>
  )
}

function Failure({ sentence, retry }: { sentence: string; retry: () => void }): JSX.Element {
  return (
    <p class="more" role="alert">
      {sentence}{' '}
      <button class="link" type="button" onClick={retry}>
        {strings.retry}
      </button>
    </p>
  )
}
