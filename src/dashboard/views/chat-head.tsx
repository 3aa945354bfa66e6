// The head of a conversation: back, who, whether they are there, who of staff has the chat, Archive or Restore.
import type { JSX } from 'preact'
import { addressOf } from './address-of.ts'
import { BackLink } from './back-link.tsx'
import { LookingHere } from './colleagues-here.tsx'
import { useDashboard } from './context.ts'
import { TITLE_ID } from './focus-title.ts'
import { ArchiveIcon, BackIcon, RestoreIcon } from './icons.tsx'
import { chatParts } from './late-chat-parts.ts'
import { Who } from './who.tsx'

export function ChatHead(): JSX.Element {
  const { desk, words } = useDashboard()
  const { openChat } = desk
  const archived = openChat.archived.value
  const { chat } = desk.navigation.route.value
  const parts = chatParts.value
  // A chat that did not load has no name
  const address = openChat.user.value && addressOf(openChat.user.value, words)
  const title = address ?? (openChat.state.value?.status === 'error' ? words.conversationLabel : null)
  return (
    <header class="chat-head">
      <BackLink class="icon-button back" text={words.back}>
        <BackIcon />
      </BackLink>
      <div class="chat-who">
        <h2 class="card-line" tabIndex={-1} id={TITLE_ID}>
          {title === null ? <span class="bone is-half" /> : <Who name={openChat.userName.value} address={title} />}
        </h2>
        <Presence />
      </div>
      {parts && chat !== null && <parts.AssigneeMenu chat={chat} />}
      {parts && <parts.InfoDialog />}
      {archived !== null && <ArchiveButton archived={archived} />}
    </header>
  )
}

/** Its meaning changes under the pointer, also by what a colleague does */
function ArchiveButton({ archived }: { archived: boolean }): JSX.Element {
  const { desk, words } = useDashboard()
  const { openChat, settling, navigation, preferences } = desk
  const isSettling = settling.has(navigation.route.value.chat ?? '')
  return (
    <button
      class="button"
      type="button"
      title={archived ? words.restore : words.archive}
      aria-disabled={openChat.archiving.value || isSettling}
      aria-keyshortcuts={preferences.singleKeys.value ? 'e' : undefined}
      // A key that is held down clicks again and again
      onKeyDown={(event) => event.repeat && event.key === 'Enter' && event.preventDefault()}
      onClick={(event) => {
        // The second click of a double click is none
        if (event.detail < 2) void openChat.toggleArchived()
      }}
    >
      {archived ? <RestoreIcon /> : <ArchiveIcon />}
      <span class="button-text">{archived ? words.restore : words.archive}</span>
    </button>
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
          <span class="presence-text">
            {state.user_online ? words.online : words.lastSeen(moments.ago(person.user.last_seen_at, desk.now.value))}
          </span>
        </>
      )}
      {state.archived && <span class="tag">{words.isArchived}</span>}
      {desk.blocking.since.value !== null && <span class="tag is-blocked">{words.isBlocked}</span>}
      <LookingHere />
    </p>
  )
}
