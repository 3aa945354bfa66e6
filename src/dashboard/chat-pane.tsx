// The middle zone and, beside it on wide screens, who the person is.
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { ChatHead, focusTitle } from './chat-head.tsx'
import { ChatInfo } from './chat-info.tsx'
import { BubblesIcon } from './icons.tsx'
import { jump } from './jump.ts'
import { about, chat, conversation } from './open-chat.ts'
import { route } from './routes.ts'
import { ChatSkeleton } from './skeleton.tsx'
import { strings } from './strings.ts'
import { Thread } from './thread.tsx'

export function ChatPane(): JSX.Element {
  const id = route.value.chat
  useEffect(() => {
    // On a phone the list has just gone, and the focus with it
    if (id !== null && matchMedia('(max-width: 767px)').matches) focusTitle()
  }, [id])
  if (id === null)
    return (
      <section class="chat-pane" id="conversation" tabIndex={-1} aria-label={strings.conversationLabel}>
        <div class="pick">
          <BubblesIcon />
          <p class="blank-title">{strings.pickTitle}</p>
          <p>{strings.pickHint}</p>
        </div>
      </section>
    )
  const person = about.value
  return (
    <section class="chat-pane" id="conversation" tabIndex={-1} aria-label={strings.conversationLabel}>
      <div class="chat-main">
        <ChatHead />
        <ChatBody key={id} id={id} />
      </div>
      {person !== null && <ChatInfo of={person} />}
    </section>
  )
}

function ChatBody({ id }: { id: string }): JSX.Element {
  const state = chat.value
  const current = conversation.value
  if (state === null || current === null || state.status === 'loading') return <ChatSkeleton />
  if (state.status === 'error') {
    const missing = state.error?.status === 404 || state.error?.status === 400
    return (
      <div class="blank" role="alert">
        <p>{missing ? strings.chatMissing : strings.chatFailed}</p>
        {!missing && (
          <button class="button" type="button" onClick={() => void current.open()}>
            {strings.retry}
          </button>
        )}
      </div>
    )
  }
  if (jump.value.kind === 'going') return <ChatSkeleton label={strings.goingBack} />
  return <Thread id={id} conversation={current} state={state} />
}
