// The messages and the reply box of the open chat, by the same components as the widget's.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../../client/conversation/conversation.ts'
import { Composer } from '../../ui/composer.tsx'
import { MessageLog } from '../../ui/message-log.tsx'
import { refuseFiles } from '../../ui/refuse-files.ts'
import type { StaffConversation } from '../state/open-chat.ts'
import { addressOf } from './address-of.ts'
import { useDashboard } from './context.ts'
import { JumpBar } from './jump-bar.tsx'
import { useShown } from './use-shown.ts'

/** Overrides for messages that are shown apart from the conversation */
const APART = { has_more: false, pending: [], typing: null, unread_count: 0 } as const

interface Props {
  /** The chat, known before it has loaded */
  id: string
  conversation: StaffConversation
  state: ConversationState
}

export function Thread({ id, conversation, state }: Props): JSX.Element {
  const { desk, words, drafts } = useDashboard()
  const thread = useRef<HTMLDivElement>(null)
  const target = desk.jump.state.value
  const shown = target.kind === 'apart' ? { ...state, ...APART, messages: target.messages } : state
  useShown(thread, target)
  useEffect(() => {
    if (thread.current) refuseFiles(thread.current, words.conversation.noFiles)
  }, [])
  const person = desk.openChat.about.value
  const name = person ? (person.user.name ?? addressOf(person, words)) : ''
  return (
    <div class={target.kind === 'apart' ? 'thread is-apart' : 'thread'} ref={thread}>
      <JumpBar target={target} state={state} />
      <MessageLog
        // A log keeps its reader's place, and what is shown apart is another log
        key={target.kind === 'apart' ? target.seq : 'all'}
        words={words.conversation}
        role="admin"
        conversation={conversation}
        state={shown}
        otherName={name}
        labelOwn
        show={target.kind === 'here' || target.kind === 'apart' ? target.seq : null}
        active={desk.isAttended.value}
        empty={<p class="thread-empty">{words.noPreview}</p>}
      />
      <Composer
        words={words.conversation}
        drafts={drafts}
        draftKey={`${state.person}:${id}`}
        onSend={(content) => {
          // The reply would not be seen where the person is now
          if (target.kind === 'apart') desk.navigation.navigate({ at: null })
          return conversation.send(content)
        }}
        onTyping={(typing) => conversation.setTyping(typing)}
      />
    </div>
  )
}
