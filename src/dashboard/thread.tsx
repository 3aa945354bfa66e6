// The messages and the reply box: the widget's own, seen from the other side of the desk.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation/conversation.ts'
import { Composer } from '../ui/composer.tsx'
import { createDrafts } from '../ui/drafts.ts'
import { MessageLog } from '../ui/message-log.tsx'
import { jump } from './jump.ts'
import { JumpBar, toNewest } from './jump-bar.tsx'
import { about } from './open-chat.ts'
import { strings } from './strings.ts'
import { useShown } from './use-shown.ts'

const drafts = createDrafts(() => true)

function useVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const update = (): void => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', update)
    return () => document.removeEventListener('visibilitychange', update)
  }, [])
  return visible
}

const APART = { has_more: false, pending: [], typing: null, unread_count: 0 } as const

interface Props {
  /** The chat, known before it has loaded */
  id: string
  conversation: Conversation
  state: ConversationState
}

export function Thread({ id, conversation, state }: Props): JSX.Element {
  const thread = useRef<HTMLDivElement>(null)
  const visible = useVisible()
  const target = jump.value
  // Apart from the conversation, nothing is older or newer than what is shown
  const shown = target.kind === 'apart' ? { ...state, ...APART, messages: target.messages } : state
  useShown(thread, target, shown.messages)
  const person = about.value
  const name = person?.user.name ?? person?.user_email ?? ''
  return (
    <div class={target.kind === 'apart' ? 'thread is-apart' : 'thread'} ref={thread}>
      <JumpBar target={target} state={state} />
      <MessageLog
        // A log keeps its reader's place, and what is shown apart is another log
        key={target.kind === 'apart' ? target.seq : 'all'}
        state={shown}
        role="admin"
        otherName={name}
        labelOwn
        active={visible}
        onLoadOlder={() => void conversation.loadOlder()}
        onRetry={(id) => conversation.retry(id)}
        onDiscard={(id) => conversation.discard(id)}
        empty={<p class="thread-empty">{strings.noPreview}</p>}
      />
      <Composer
        drafts={drafts}
        draftKey={`admin:${id}`}
        onSend={(content) => {
          // Or the reply would go where it is not seen
          if (target.kind === 'apart') toNewest()
          conversation.send(content)
        }}
        onTyping={(typing) => conversation.setTyping(typing)}
        placeholder={strings.placeholder}
      />
    </div>
  )
}
