// The left zone: title with the unread total, search, tabs, and the list or what stands in for it.
import type { JSX } from 'preact'
import { ChatList } from './chat-list.tsx'
import { found, inbox, unread } from './desk.ts'
import type { Found } from './found.ts'
import { openHelp } from './help-dialog.tsx'
import { HelpIcon } from './icons.tsx'
import type { Inbox } from './inbox.ts'
import { SearchBox } from './search-box.tsx'
import { SearchResults } from './search-results.tsx'
import { ListSkeleton } from './skeleton.tsx'
import { strings } from './strings.ts'
import { PANEL_ID, tabId, Tabs } from './tabs.tsx'

const numbers = new Intl.NumberFormat('en')

export function ListPane(): JSX.Element {
  const box = inbox.value
  return (
    <section class="list-pane" aria-label={strings.listLabel}>
      <header class="list-head">
        <div class="title-row">
          <h1>{strings.title}</h1>
          {unread.value > 0 && (
            <span class="total">
              <span aria-hidden="true">{numbers.format(unread.value)}</span>
              <span class="sr">{strings.unreadTotal(unread.value)}</span>
            </span>
          )}
          <button
            class="icon-button help-button"
            type="button"
            aria-label={strings.helpButton}
            aria-keyshortcuts="?"
            title={strings.helpButton}
            onClick={openHelp}
          >
            <HelpIcon />
          </button>
        </div>
        <SearchBox />
        <Tabs />
      </header>
      <div class="list-body" id={PANEL_ID} role="tabpanel" aria-labelledby={tabId(box.archived)}>
        <Waiting />
        <FoundCount />
        <ListBody />
      </div>
    </section>
  )
}

function ListBody(): JSX.Element {
  const box = inbox.value
  const messages = found.value
  if (box.state.value === 'loading') return <ListSkeleton />
  if (messages !== null && box.q !== '' && !isNothing(box, messages))
    return <SearchResults key={`${box.archived}:${box.q}`} people={box} found={messages} />
  if (box.state.value === 'error')
    return (
      <div class="blank" role="alert">
        <p>{strings.listFailed}</p>
        <button class="button" type="button" onClick={() => void box.refresh()}>
          {strings.retry}
        </button>
      </div>
    )
  // A new list starts at its top: the key makes it a new component
  if (box.rows.value.length > 0) return <ChatList key={`${box.archived}:${box.q}`} inbox={box} />
  const tab = box.archived ? strings.archived : strings.active
  if (box.q !== '')
    return messages === null ? (
      <Empty title={strings.emptySearch(box.q)} hint={strings.emptySearchHint(tab)} />
    ) : (
      <Empty title={strings.emptyAllSearch(box.q)} hint={strings.emptyAllSearchHint(tab)} />
    )
  return box.archived ? (
    <Empty title={strings.emptyArchived} hint={strings.emptyArchivedHint} />
  ) : (
    <Empty title={strings.emptyActive} hint={strings.emptyActiveHint} />
  )
}

const isNothing = (people: Inbox, messages: Found): boolean =>
  people.state.value === 'ready' &&
  people.rows.value.length === 0 &&
  messages.state.value === 'ready' &&
  messages.rows.value.length === 0 &&
  messages.more.value === 'none'

/** What a search found, for who cannot see it; the region is there always, so that its change is read out */
function FoundCount(): JSX.Element {
  const box = inbox.value
  const messages = found.value
  const isKnown = messages?.state.value === 'ready' && box.state.value === 'ready' && !isNothing(box, messages)
  return (
    <div class="sr" role="status">
      {isKnown && strings.foundCount(box.rows.value.length, messages.rows.value.length)}
    </div>
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

/** "1 new" while the order is held under the pointer; the region is there always, so that its change is read out */
function Waiting(): JSX.Element {
  const box = inbox.value
  const n = box.waiting.value
  return (
    <div class="waiting" role="status">
      {n > 0 && (
        <button type="button" onClick={() => box.settle()}>
          {strings.waiting(n)}
          <span class="sr"> {strings.showWaiting}</span>
        </button>
      )}
    </div>
  )
}
