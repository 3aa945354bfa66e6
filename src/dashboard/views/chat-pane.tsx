// The middle zone and, beside it on wide screens, who the person is.
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { BackLink } from './back-link.tsx'
import { ChatHead } from './chat-head.tsx'
import { useDashboard } from './context.ts'
import { focusTitle } from './focus-title.ts'
import { BubblesIcon } from './icons.tsx'
import { chatParts, loadChatParts } from './late-chat-parts.ts'
import { isNarrow } from './narrow.ts'
import { ChatSkeleton } from './skeleton.tsx'

export function ChatPane(): JSX.Element {
  const { desk, words } = useDashboard()
  const id = desk.navigation.route.value.chat
  useEffect(() => {
    // On a phone the list has just gone, and the focus with it
    if (id !== null && isNarrow()) focusTitle()
  }, [id])
  if (id === null)
    return (
      <section class="chat-pane" id="conversation" tabIndex={-1} aria-label={words.conversationLabel}>
        <div class="pick">
          <BubblesIcon />
          <p class="blank-title">{words.pickTitle}</p>
          <p>
            {words.pickHint} {desk.preferences.singleKeys.value && <span class="pick-keys">{words.pickKeys}</span>}
          </p>
        </div>
      </section>
    )
  const person = desk.openChat.about.value
  const parts = chatParts.value
  return (
    <section class="chat-pane" id="conversation" tabIndex={-1} aria-label={words.conversationLabel}>
      <div class="chat-main">
        <ChatHead />
        <ChatBody key={id} id={id} />
      </div>
      {parts && person !== null && <parts.ChatInfo of={person} />}
    </section>
  )
}

function ChatBody({ id }: { id: string }): JSX.Element {
  const { desk, words } = useDashboard()
  const state = desk.openChat.state.value
  const current = desk.openChat.conversation.value
  const parts = chatParts.value
  if (state === null || current === null || state.status === 'loading' || parts === undefined)
    return <ChatSkeleton label={words.loadingChat} />
  if (state.status === 'error' || parts === null) {
    const missing = state.error?.status === 404 || state.error?.status === 400
    const retry = (): void => {
      void loadChatParts()
      if (state.status === 'error') void current.open()
    }
    return (
      <div class="blank" role="alert">
        <p>{missing ? words.chatMissing : words.chatFailed}</p>
        {missing ? (
          <BackLink class="button" text={words.toAllChats} />
        ) : (
          <button class="button" type="button" onClick={retry}>
            {words.retry}
          </button>
        )}
      </div>
    )
  }
  if (desk.jump.state.value.kind === 'going') return <ChatSkeleton label={words.goingBack} />
  return <parts.Thread id={id} conversation={current} state={state} />
}
