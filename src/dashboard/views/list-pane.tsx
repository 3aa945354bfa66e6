// The left zone: title with the unread total, search, tabs, and the list or what stands in for it.
import { untracked } from '@preact/signals'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { DashboardCatalogue } from '../catalogue.ts'
import { foundNothing, type SearchOutcome } from '../state/search.ts'
import { ChatList } from './chat-list.tsx'
import { useDashboard } from './context.ts'
import { openHelp } from './help-dialog.tsx'
import { DenseRowsIcon, FullRowsIcon, HelpIcon } from './icons.tsx'
import { Menu } from './menu.tsx'
import { SearchBox } from './search-box.tsx'
import { SearchResults } from './search-results.tsx'
import { ListSkeleton } from './skeleton.tsx'
import { PANEL_ID, tabId, Tabs } from './tabs.tsx'

export function ListPane(): JSX.Element {
  const { desk, words } = useDashboard()
  const list = desk.lists.current.value
  const unread = desk.unread.value
  return (
    <section class={desk.preferences.dense.value ? 'list-pane is-dense' : 'list-pane'} aria-label={words.listLabel}>
      <header class="list-head">
        <div class="title-row">
          <h1>{words.title}</h1>
          {unread > 0 && (
            <span class="total">
              <span aria-hidden="true">{unread.toLocaleString(words.locale)}</span>
              <span class="sr">{words.unreadTotal(unread)}</span>
            </span>
          )}
          <span class="tools">
            <DensityButton />
            <button
              class="icon-button help-button"
              type="button"
              aria-label={words.helpButton}
              aria-keyshortcuts={desk.preferences.singleKeys.value ? '?' : undefined}
              title={words.helpButton}
              onClick={openHelp}
            >
              <HelpIcon />
            </button>
            <Menu />
          </span>
        </div>
        <SearchBox />
        <Tabs />
      </header>
      <div class="list-body" id={PANEL_ID} role="tabpanel" tabIndex={-1} aria-labelledby={tabId(list.archived)}>
        <Waiting />
        <FoundCount />
        <ListBody />
      </div>
    </section>
  )
}

function DensityButton(): JSX.Element {
  const { desk, words } = useDashboard()
  const { dense, singleKeys } = desk.preferences
  return (
    <button
      class="icon-button"
      type="button"
      aria-label={words.denseList}
      aria-pressed={dense.value}
      aria-keyshortcuts={singleKeys.value ? 'd' : undefined}
      title={dense.value ? words.fullerRows : words.denserRows}
      onClick={() => {
        dense.value = !dense.value
      }}
    >
      {dense.value ? <FullRowsIcon /> : <DenseRowsIcon />}
    </button>
  )
}

function ListBody(): JSX.Element {
  const { desk, words } = useDashboard()
  const list = desk.lists.current.value
  const results = desk.search.results.value
  // A new list starts at its top: the key makes it a new component
  const key = `${list.archived}:${results?.q ?? ''}`
  if (list.state.value === 'loading') return <ListSkeleton label={words.loadingChats} />
  if (results?.messages && !foundNothing(results))
    return <SearchResults key={key} people={results.people} found={results.messages} />
  if (list.state.value === 'error')
    return (
      <div class="blank" role="alert">
        <p>{words.listFailed}</p>
        <button class="button" type="button" onClick={() => void list.refresh()}>
          {words.retry}
        </button>
      </div>
    )
  if (list.rows.value.length > 0) return <ChatList key={key} list={list} />
  return results === null ? <EmptyTab archived={list.archived} /> : <EmptySearch results={results} />
}

function EmptyTab({ archived }: { archived: boolean }): JSX.Element {
  const { words } = useDashboard()
  return archived ? (
    <Empty title={words.emptyArchived} hint={words.emptyArchivedHint} />
  ) : (
    <Empty title={words.emptyActive} hint={words.emptyActiveHint} />
  )
}

function EmptySearch({ results: { q, people, messages } }: { results: SearchOutcome }): JSX.Element {
  const { words } = useDashboard()
  const tab = people.archived ? words.archived : words.active
  return messages === null ? (
    <Empty title={words.emptySearch(q)} hint={words.emptySearchHint(tab)} />
  ) : (
    <Empty title={words.emptyAllSearch(q)} hint={words.emptyAllSearchHint(tab)} />
  )
}

function Empty({ title, hint }: { title: string; hint: string }): JSX.Element {
  return (
    <div class="blank" role="status">
      <p class="blank-title">
        <bdi>{title}</bdi>
      </p>
      <p>{hint}</p>
    </div>
  )
}

/** What a search found, for screen readers; the region is there always, so that its change is read out */
function FoundCount(): JSX.Element {
  const { desk, words } = useDashboard()
  const results = desk.search.results.value
  const isKnown = results !== null && isComplete(results)
  // Counted once: further pages and events are no news
  const text = useMemo(() => (isKnown ? untracked(() => count(results, words)) : null), [results, isKnown])
  return (
    <div class="sr" role="status">
      {text}
    </div>
  )
}

const isComplete = ({ people, messages }: SearchOutcome): boolean =>
  people.state.value === 'ready' && (messages === null || messages.state.value === 'ready')

function count(results: SearchOutcome, words: DashboardCatalogue): string | null {
  const { people, messages } = results
  if (foundNothing(results)) return null
  return words.foundCount(people.rows.value.length, messages?.rows.value.length ?? null)
}

/** "1 new" while the order is held under the pointer. It is read out once, and not with every chat that is added */
function Waiting(): JSX.Element {
  const { desk, words } = useDashboard()
  const list = desk.lists.current.value
  const n = list.waiting.value
  return (
    <div class="waiting">
      <div class="sr" role="status">
        {n > 0 && words.somethingNew}
      </div>
      {n > 0 && (
        <button
          type="button"
          onClick={() => {
            list.settle()
            // What is new stands there
            desk.cursor.toTop()
          }}
        >
          {words.waiting(n)}
          <span class="sr"> {words.showWaiting}</span>
        </button>
      )}
    </div>
  )
}
