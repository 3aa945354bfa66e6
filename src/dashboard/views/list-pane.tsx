// The left zone: title with the unread total, search, tabs, and the list or what stands in for it.
import { untracked } from '@preact/signals'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Whose } from '../../client/staff/list-order.ts'
import type { DashboardCatalogue } from '../catalogue.ts'
import { foundNothing, type SearchOutcome } from '../state/search.ts'
import { BellLink } from './bell-link.tsx'
import { ChatList } from './chat-list.tsx'
import { useDashboard } from './context.ts'
import { DenseRowsIcon, FullRowsIcon, WriteIcon } from './icons.tsx'
import { Menu } from './menu.tsx'
import { OpenSelection, SelectButton } from './open-selection.tsx'
import { SearchBox } from './search-box.tsx'
import { SearchResults } from './search-results.tsx'
import { ListSkeleton } from './skeleton.tsx'
import { PANEL_ID, tabId, Tabs } from './tabs.tsx'
import { TagFilter } from './tag-filter.tsx'
import { WhoseFilter } from './whose-filter.tsx'

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
            <span class="total" title={words.unreadTotal(unread)}>
              <span aria-hidden="true">{words.unreadShort(unread)}</span>
              <span class="sr">{words.unreadTotal(unread)}</span>
            </span>
          )}
          <span class="tools">
            <NewChatButton />
            <DensityButton />
            <BellLink />
            <Menu />
          </span>
        </div>
        <SearchBox />
        <WhoseFilter />
        <div class="tabs-row">
          <Tabs />
          <span class="tabs-tools">
            <TagFilter />
            <SelectButton />
          </span>
        </div>
      </header>
      <div class="list-body" id={PANEL_ID} role="tabpanel" tabIndex={-1} aria-labelledby={tabId(list.archived)}>
        <OpenSelection />
        <Waiting />
        <FoundCount />
        <ListBody />
      </div>
    </section>
  )
}

function NewChatButton(): JSX.Element {
  const { desk, words } = useDashboard()
  return (
    <button
      class="icon-button new-chat"
      type="button"
      aria-haspopup="dialog"
      aria-label={words.newChat}
      aria-keyshortcuts={desk.preferences.singleKeys.value ? 'c' : undefined}
      title={words.newChat}
      onClick={() => {
        desk.palette.value = 'people'
      }}
    >
      <WriteIcon />
    </button>
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
  const { assignee, tag, isOfWaiting } = desk.lists.tab.value
  const key = `${list.archived}:${assignee}:${isOfWaiting}:${tag}:${results?.q ?? ''}`
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
  return results === null ? (
    <EmptyTab archived={list.archived} whose={assignee} tag={tag} isOfWaiting={isOfWaiting} />
  ) : (
    <EmptySearch results={results} />
  )
}

interface EmptyTabProps {
  archived: boolean
  whose: Whose | null
  tag: string | null
  isOfWaiting: boolean
}

function EmptyTab({ archived, whose, tag, isOfWaiting }: EmptyTabProps): JSX.Element {
  const { words } = useDashboard()
  if (tag !== null) return <Empty title={words.emptyTag(tag, archived)} hint={words.emptyTagHint} />
  if (isOfWaiting) return <Empty title={words.emptyWaiting} hint={words.emptyWaitingHint} />
  if (whose === 'none') return <Empty title={words.emptyUnassigned} hint={words.emptyUnassignedHint} />
  if (whose === 'me') return <Empty title={words.emptyMine(archived)} hint={words.emptyMineHint} />
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
