// The head of a conversation: back, who, whether they are there, Archive or Restore.
import type { JSX } from 'preact'
import { useDashboard } from './context.ts'
import { TITLE_ID } from './focus-title.ts'
import { ArchiveIcon, BackIcon, RestoreIcon } from './icons.tsx'
import { isPlainClick } from './plain-click.ts'

export function ChatHead(): JSX.Element {
  const { desk, words } = useDashboard()
  const { navigation, openChat } = desk
  const archived = openChat.archived.value
  const name = openChat.name.value
  return (
    <header class="chat-head">
      <a
        class="icon-button back"
        href={navigation.href({ ...navigation.route.value, chat: null, at: null })}
        aria-label={words.back}
        title={words.back}
        onClick={(event) => {
          if (!isPlainClick(event)) return
          event.preventDefault()
          desk.cursor.closeChat()
        }}
      >
        <BackIcon />
      </a>
      <div class="chat-who">
        <h2 tabIndex={-1} id={TITLE_ID}>
          {name === null ? <span class="bone is-half" /> : <bdi>{name}</bdi>}
        </h2>
        <Presence />
      </div>
      {archived !== null && (
        <button
          class="button"
          type="button"
          aria-disabled={openChat.archiving.value}
          aria-keyshortcuts="e"
          onClick={() => void openChat.toggleArchived()}
        >
          {archived ? <RestoreIcon /> : <ArchiveIcon />}
          {archived ? words.restore : words.archive}
        </button>
      )}
    </header>
  )
}

function Presence(): JSX.Element | null {
  const { desk, words, moments } = useDashboard()
  const state = desk.openChat.state.value
  const person = desk.openChat.about.value
  if (state?.status !== 'ready' || person === null) return null
  // While the connection is down nobody says who comes and goes
  const isKnown = state.connection === 'connected'
  return (
    <p class={isKnown && state.user_online ? 'presence is-online' : 'presence'}>
      {isKnown && (
        <>
          <span class="presence-dot" aria-hidden="true" />
          {state.user_online ? words.online : words.lastSeen(moments.ago(person.user.last_seen_at, desk.now.value))}
        </>
      )}
      {state.archived && <span class="tag">{words.isArchived}</span>}
    </p>
  )
}
