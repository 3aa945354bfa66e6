// The messages and the reply box: the widget's own, seen from the other side of the desk.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation.ts'
import { Composer } from '../ui/composer.tsx'
import { createDrafts } from '../ui/drafts.ts'
import { MessageLog } from '../ui/message-log.tsx'
import { about } from './open-chat.ts'
import { strings } from './strings.ts'

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

interface Props {
  /** The chat, known before it has loaded */
  id: string
  conversation: Conversation
  state: ConversationState
}

export function Thread({ id, conversation, state }: Props): JSX.Element {
  const visible = useVisible()
  const person = about.value
  const name = person?.user.name ?? person?.user_email ?? ''
  return (
    <div class="thread">
      <MessageLog
        state={state}
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
        onSend={(content) => conversation.send(content)}
        onTyping={(typing) => conversation.setTyping(typing)}
        placeholder={strings.placeholder}
      />
    </div>
  )
}
