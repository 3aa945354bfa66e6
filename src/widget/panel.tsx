// The open chat: header, log, composer.
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation/conversation.ts'
import { Composer } from '../ui/composer.tsx'
import type { Drafts } from '../ui/drafts.ts'
import { BubbleIcon, CloseIcon } from '../ui/icons.tsx'
import { MessageLog } from '../ui/message-log.tsx'
import { useAttended } from '../ui/use-attended.ts'
import { useConversation } from '../ui/use-conversation.ts'
import { useLogParts } from '../ui/use-log-parts.ts'
import type { Host } from './contract.ts'
import type { PanelCatalogue } from './panel-catalogue.ts'
import { PHONE } from './phone.ts'

const isPhone = (): boolean => matchMedia(PHONE).matches

/** A draft belongs to a person, so that on a shared computer nobody finds another's. Under this name nothing is stored */
export const UNKNOWN = ''
export const draftKey = ({ person }: ConversationState): string => person ?? UNKNOWN

export interface PanelProps {
  words: PanelCatalogue
  host: Host
  conversation: Conversation
  drafts: Drafts
}

interface PartProps {
  words: PanelCatalogue
  state: ConversationState
}

interface HeaderProps extends PartProps {
  title: string
  /** About the connection */
  notice: string
  onClose: () => void
}

const Header = ({ words, state, title, notice, onClose }: HeaderProps): VNode => (
  <div class="header">
    <h2>
      <bdi>{title}</bdi>
    </h2>
    <span class={`status ${state.connection}`} role="status" title={notice}>
      <span class="db-vh">{notice}</span>
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

const Empty = ({ words, state, greeting }: PartProps & { greeting: string | null }): VNode => (
  <div class="empty">
    <BubbleIcon />
    <strong dir="auto">{greeting ?? words.greeting}</strong>
    <p>{state.replies_by_email ? words.emptyHintMail : words.emptyHint}</p>
  </div>
)

const Failed = ({ words, why, onRetry }: { words: PanelCatalogue; why: string; onRetry: () => void }): VNode => (
  <div class="empty" role="alert">
    <p>{why}</p>
    <button type="button" class="again" onClick={onRetry}>
      {words.tryAgain}
    </button>
  </div>
)

export function Panel({ words, host, conversation, drafts }: PanelProps): VNode {
  const state = useConversation(conversation)
  const attended = useAttended()
  const panel = useRef<HTMLDivElement>(null)
  const focusBox = useRef<() => void>(undefined)
  const title = host.heading || host.title || words.title
  const onClose = (): void => host.close()
  const [held, setHeld] = useState(false)
  // Where the page has given a token and no way to another one, only the page can
  const signIn = host.getToken || !host.hasAttribute('token') ? words.signedOut : words.reload
  const [files, format, isWaiting] = useLogParts(state)
  const showsLog = !isWaiting && (state.status === 'ready' || state.pending.length > 0)
  const isDown = state.connection === 'offline' || state.connection === 'reconnecting'
  // Nobody can promise to send words when it is not known whose they are
  const isUnknown = state.person === null && state.status !== 'ready'
  const notice =
    isUnknown && (isDown || held)
      ? words.notYet
      : state.signed_out
        ? words.signedOutLater
        : words.connection[state.connection]
  // What stands in place of the log says more
  const showsBar = isUnknown ? held : showsLog && (isDown || state.signed_out)

  useEffect(() => {
    if (isTypingElsewhere()) return
    // On a touch screen, focus in the box would open the keyboard over the messages.
    if (matchMedia('(pointer: coarse)').matches) panel.current?.focus({ preventScroll: true })
    else focusBox.current?.()
  }, [])
  useEffect(() => {
    if (attended && showsLog) conversation.markRead()
  }, [attended, showsLog, state.unread_count])

  return (
    <div
      class="panel"
      role="dialog"
      aria-label={title}
      aria-modal={isPhone()}
      tabIndex={-1}
      ref={panel}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return
        // What the page has open stays open.
        event.preventDefault()
        onClose()
      }}
    >
      <Header words={words} state={state} title={title} notice={notice} onClose={onClose} />
      {showsBar && (
        <div class="bar" aria-hidden="true">
          {notice}
        </div>
      )}
      {showsLog ? (
        <MessageLog
          // Drawn again where the formatting came too late
          key={format ? 1 : 0}
          words={words}
          conversation={conversation}
          role="user"
          state={state}
          otherName={words.support}
          active={attended}
          openAtNew
          waiting={<Skeleton words={words} />}
          empty={<Empty words={words} state={state} greeting={host.greeting} />}
        />
      ) : state.status !== 'error' ? (
        <Skeleton words={words} />
      ) : (
        <Failed
          words={words}
          why={state.signed_out ? signIn : words.loadFailed}
          onRetry={() => void conversation.open()}
        />
      )}
      <Composer
        words={words}
        drafts={drafts}
        draftKey={draftKey(state)}
        attach={state.attachments && files?.attachBox(draftKey(state), conversation, words.files)}
        onSend={(content, attachments) => {
          const taken = conversation.send(content, attachments)
          setHeld(!taken)
          return taken
        }}
        onTyping={(typing) => conversation.setTyping(typing)}
        focusRef={(focus) => (focusBox.current = focus)}
      />
    </div>
  )
}

/** The panel may take a while to load, or the page opens it by itself, while somebody types in a field of the page */
function isTypingElsewhere(): boolean {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return !!element?.matches(':read-write, select, iframe')
}
