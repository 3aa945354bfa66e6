// The open chat: header, log, composer.
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation/conversation.ts'
import { Composer } from '../ui/composer.tsx'
import type { Drafts } from '../ui/drafts.ts'
import { BubbleIcon, CloseIcon } from '../ui/icons.tsx'
import { MessageLog } from '../ui/message-log.tsx'
import { useConversation } from '../ui/use-conversation.ts'
import { useVisible } from '../ui/use-visible.ts'
import type { PanelCatalogue } from './panel-catalogue.ts'
import { isPhone } from './phone.ts'

/** Drafts belong to a chat, so that on a shared computer nobody finds another person's */
export const UNKNOWN = 'new'
export const draftKey = ({ chat_id }: ConversationState): string => chat_id ?? UNKNOWN

export interface PanelProps {
  words: PanelCatalogue
  conversation: Conversation
  drafts: Drafts
  heading: string | null
  greeting: string | null
  onClose: () => void
}

interface PartProps {
  words: PanelCatalogue
  state: ConversationState
}

const Header = ({ words, state, title, onClose }: PartProps & { title: string; onClose: () => void }): VNode => (
  <div class="header">
    <h2>
      <bdi>{title}</bdi>
    </h2>
    <span class={`status ${state.connection}`} role="status" title={words.connection[state.connection]}>
      <span class="db-vh">{words.connection[state.connection]}</span>
    </span>
    <button type="button" class="close" aria-label={isPhone() ? words.close : words.closePanel} onClick={onClose}>
      <CloseIcon />
    </button>
  </div>
)

const Skeleton = ({ words }: { words: PanelCatalogue }): VNode => (
  <div class="skeleton" role="status">
    <span class="db-vh">{words.loading}</span>
    <i />
    <i />
    <i />
  </div>
)

const Empty = ({ words, greeting }: { words: PanelCatalogue; greeting: string | null }): VNode => (
  <div class="empty">
    <BubbleIcon />
    <strong dir="auto">{greeting ?? words.greeting}</strong>
    <p>{words.emptyHint}</p>
  </div>
)

const Failed = ({ words, state, onRetry }: PartProps & { onRetry: () => void }): VNode => (
  <div class="empty" role="alert">
    <p>{state.error?.status === 401 ? words.signedOut : words.loadFailed}</p>
    <button type="button" class="again" onClick={onRetry}>
      {words.tryAgain}
    </button>
  </div>
)

export function Panel({ words, conversation, drafts, heading, greeting, onClose }: PanelProps): VNode {
  const state = useConversation(conversation)
  const active = useVisible()
  const panel = useRef<HTMLDivElement>(null)
  const focusBox = useRef<() => void>(() => undefined)
  const title = heading ?? words.title

  useEffect(() => {
    // On a touch screen, focus in the box would open the keyboard over the messages.
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
      <Header words={words} state={state} title={title} onClose={onClose} />
      <Bar words={words} state={state} />
      {state.status === 'ready' || state.pending.length > 0 ? (
        <MessageLog
          words={words}
          conversation={conversation}
          role="user"
          state={state}
          otherName={words.support}
          active={active}
          openAtNew
          empty={<Empty words={words} greeting={greeting} />}
        />
      ) : state.status === 'loading' ? (
        <Skeleton words={words} />
      ) : (
        <Failed words={words} state={state} onRetry={() => void conversation.open()} />
      )}
      <Composer
        words={words}
        drafts={drafts}
        draftKey={draftKey(state)}
        onSend={(content) => conversation.send(content)}
        onTyping={(typing) => conversation.setTyping(typing)}
        focusRef={(focus) => (focusBox.current = focus)}
      />
    </div>
  )
}

/** Where the panel fills the screen, Tab stays in it */
function keepInside(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = [...panel.querySelectorAll<HTMLElement>('a, button:enabled, textarea, [tabindex="0"]')]
  if (event.shiftKey) stops.reverse()
  if (event.target !== stops.at(-1) && !(event.shiftKey && event.target === panel)) return
  event.preventDefault()
  stops[0]?.focus()
}

/** Says in words what the dot says in colour, after a second */
const Bar = ({ words, state: { connection, status } }: PartProps): VNode | null =>
  status !== 'loading' && (connection === 'offline' || connection === 'reconnecting') ? (
    <div class={`bar ${connection}`} aria-hidden="true">
      {words.connection[connection]}
    </div>
  ) : null
