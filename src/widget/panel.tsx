// The open chat: header, log, composer.
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation/conversation.ts'
import { Composer } from '../ui/composer.tsx'
import type { Drafts } from '../ui/drafts.ts'
import { BubbleIcon, CloseIcon } from '../ui/icons.tsx'
import { MessageLog } from '../ui/message-log.tsx'
import { strings } from '../ui/strings.ts'
import { useConversation } from '../ui/use-conversation.ts'
import { isPhone } from './phone.ts'

/** Drafts belong to a chat, so that on a shared computer nobody finds another's */
export const UNKNOWN = 'new'
export const draftKey = ({ chat_id }: ConversationState): string => chat_id ?? UNKNOWN

export interface PanelProps {
  conversation: Conversation
  drafts: Drafts
  heading: string | null
  greeting: string | null
  onClose: () => void
}

const Header = ({ title, state, onClose }: { title: string; state: ConversationState; onClose: () => void }): VNode => (
  <div class="header">
    <h2>
      <bdi>{title}</bdi>
    </h2>
    <span class={`status ${state.connection}`} role="status" title={strings[state.connection]}>
      <span class="db-vh">{strings[state.connection]}</span>
    </span>
    <button type="button" class="close" aria-label={isPhone() ? strings.close : strings.closePanel} onClick={onClose}>
      <CloseIcon />
    </button>
  </div>
)

const Skeleton = (): VNode => (
  <div class="skeleton" role="status">
    <span class="db-vh">{strings.loading}</span>
    <i />
    <i />
    <i />
  </div>
)

const Empty = ({ greeting }: { greeting: string | null }): VNode => (
  <div class="empty">
    <BubbleIcon />
    <strong dir="auto">{greeting ?? strings.greeting}</strong>
    <p>{strings.emptyHint}</p>
  </div>
)

const Failed = ({ state, onRetry }: { state: ConversationState; onRetry: () => void }): VNode => (
  <div class="empty" role="alert">
    <p>{state.error?.status === 401 ? strings.signedOut : strings.loadFailed}</p>
    <button type="button" class="again" onClick={onRetry}>
      {strings.tryAgain}
    </button>
  </div>
)

export function Panel({ conversation, drafts, heading, greeting, onClose }: PanelProps): VNode {
  const state = useConversation(conversation)
  const active = useVisible()
  const panel = useRef<HTMLDivElement>(null)
  const focusBox = useRef<() => void>(() => undefined)
  const title = heading ?? strings.title

  useEffect(() => {
    // With a finger, the cursor in the box would bring the keyboard up over what there is to read.
    if (matchMedia('(pointer: coarse)').matches) panel.current?.focus()
    else focusBox.current()
  }, [])
  useEffect(() => {
    if (active) conversation.markRead()
  }, [active, state.status, state.unread_count])

  return (
    <div
      class="panel"
      role="dialog"
      aria-label={title}
      aria-modal={isPhone()}
      tabIndex={-1}
      ref={panel}
      onKeyDown={(event) => {
        if (event.key === 'Tab' && isPhone()) keepInside(event, event.currentTarget)
        if (event.key !== 'Escape' || event.isComposing) return
        event.stopPropagation()
        onClose()
      }}
    >
      <Header title={title} state={state} onClose={onClose} />
      <Bar state={state} />
      {state.status === 'ready' || state.pending.length > 0 ? (
        <MessageLog
          state={state}
          role="user"
          otherName={strings.support}
          active={active}
          openAtNew
          onLoadOlder={() => void conversation.loadOlder()}
          onRetry={(id) => conversation.retry(id)}
          onDiscard={(id) => conversation.discard(id)}
          empty={<Empty greeting={greeting} />}
        />
      ) : state.status === 'loading' ? (
        <Skeleton />
      ) : (
        <Failed state={state} onRetry={() => void conversation.open()} />
      )}
      <Composer
        drafts={drafts}
        draftKey={draftKey(state)}
        onSend={(content) => conversation.send(content)}
        onTyping={(typing) => conversation.setTyping(typing)}
        focusRef={(focus) => (focusBox.current = focus)}
      />
    </div>
  )
}

/** Where the panel is the screen, Tab goes round in it */
function keepInside(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = [...panel.querySelectorAll<HTMLElement>('a, button:enabled, textarea, [tabindex="0"]')]
  if (event.shiftKey) stops.reverse()
  if (event.target !== stops.at(-1) && !(event.shiftKey && event.target === panel)) return
  event.preventDefault()
  stops[0]?.focus()
}

/** Says in words what the dot says in colour, once it has lasted */
const Bar = ({ state: { connection, status } }: { state: ConversationState }): VNode | null =>
  status !== 'loading' && (connection === 'offline' || connection === 'reconnecting') ? (
    <div class={`bar ${connection}`} aria-hidden="true">
      {strings[connection]}
    </div>
  ) : null

function useVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const update = (): void => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', update)
    return () => document.removeEventListener('visibilitychange', update)
  }, [])
  return visible
}
