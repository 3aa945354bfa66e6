// The head of a conversation: back, who, whether they are there, Archive or Restore.
import type { JSX } from 'preact'
import { ago, now } from './clock.ts'
import { closeChat } from './cursor.ts'
import { ArchiveIcon, BackIcon, RestoreIcon } from './icons.tsx'
import { about, archiving, chat, openChatArchived, openChatName, toggleOpenChat } from './open-chat.ts'
import { href, route } from './routes.ts'
import { strings } from './strings.ts'

const TITLE_ID = 'conversation-title'
export const focusTitle = (): void => document.querySelector<HTMLElement>(`#${TITLE_ID}`)?.focus()

export function ChatHead(): JSX.Element {
  const archived = openChatArchived.value
  return (
    <header class="chat-head">
      <a
        class="icon-button back"
        href={href({ ...route.value, chat: null, at: null })}
        aria-label={strings.back}
        title={strings.back}
        onClick={(event) => {
          if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
          event.preventDefault()
          closeChat()
        }}
      >
        <BackIcon />
      </a>
      <div class="chat-who">
        <h2 tabIndex={-1} id={TITLE_ID}>
          {openChatName.value === null ? <span class="bone is-half" /> : <bdi>{openChatName.value}</bdi>}
        </h2>
        <Presence />
      </div>
      {archived !== null && (
        <button
          class="button"
          type="button"
          aria-disabled={archiving.value}
          aria-keyshortcuts="e"
          onClick={() => void toggleOpenChat()}
        >
          {archived ? <RestoreIcon /> : <ArchiveIcon />}
          {archived ? strings.restore : strings.archive}
        </button>
      )}
    </header>
  )
}

function Presence(): JSX.Element | null {
  const state = chat.value
  const person = about.value
  if (state?.status !== 'ready' || person === null) return null
  // Over a line that is down nobody says who comes and goes
  const isKnown = state.connection === 'connected'
  return (
    <p class={isKnown && state.user_online ? 'presence is-online' : 'presence'}>
      {isKnown && (
        <>
          <span class="presence-dot" aria-hidden="true" />
          {state.user_online ? strings.online : strings.lastSeen(ago(person.user.last_seen_at, now.value))}
        </>
      )}
      {state.archived && <span class="tag">{strings.isArchived}</span>}
    </p>
  )
}
