// The open chat: its messages with what only staff see between them, and the box for a reply or a note.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../../client/conversation/conversation.ts'
import { refuseFiles } from '../../ui/refuse-files.ts'
import { useLogParts } from '../../ui/use-log-parts.ts'
import type { StaffConversation } from '../state/open-chat.ts'
import { addressOf, faceOf } from './address-of.ts'
import { useDashboard } from './context.ts'
import { compose } from './compose.ts'
import { hueOf } from './hue-of.ts'
import { JumpBar } from './jump-bar.tsx'
import { ChatSkeleton } from './skeleton.tsx'
import { ThreadComposer } from './thread-composer.tsx'
import { ThreadLog } from './thread-log.tsx'
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
  const { desk, words } = useDashboard()
  const thread = useRef<HTMLDivElement>(null)
  const target = desk.jump.state.value
  const shown = target.kind === 'apart' ? { ...state, ...APART, messages: target.messages } : state
  useEffect(() => {
    if (!thread.current) return
    const takesFiles = (): boolean => desk.activity.kind.peek() === 'reply' && !!conversation.state.attachments
    refuseFiles(thread.current, words.conversation.noFiles, takesFiles)
  }, [])
  const isToWrite = desk.toWriteIn.value === id
  useEffect(() => {
    if (!isToWrite) return
    desk.toWriteIn.value = null
    compose(desk.activity.kind, 'reply')
  }, [isToWrite])
  const [files, format, isWaiting] = useLogParts(shown)
  const draftKey = `${state.person}:${id}`
  const person = desk.openChat.about.value
  const feed = desk.activity.feed.value
  const activity = desk.activity.state.value
  const isDrawn = feed !== null && activity !== null && !isWaiting
  useShown(thread, target, isDrawn)
  /** What is sent would not be seen where the person is now */
  const toNewest = (): void => {
    if (target.kind === 'apart') desk.navigation.navigate({ at: null })
  }
  const name = person ? (person.user.name ?? addressOf(person, words)) : ''
  const face = person ? (person.user.name ?? faceOf(person)) : ''
  return (
    <div
      class={target.kind === 'apart' ? 'thread is-apart' : 'thread'}
      ref={thread}
      style={{ '--face-hue': String(hueOf(face)) }}
    >
      <JumpBar target={target} state={state} />
      {isWaiting && <ChatSkeleton label={words.loadingChat} />}
      {isDrawn && (
        <ThreadLog
          // A log keeps its reader's place, and what is shown apart is another log. It is drawn again where the formatting came too late
          key={`${format ? '' : 'plain '}${target.kind === 'apart' ? target.seq : 'all'}`}
          conversation={conversation}
          state={shown}
          feed={feed}
          activity={target.kind === 'apart' ? { ...activity, pending: [] } : activity}
          otherName={name}
          show={target.kind === 'here' || target.kind === 'apart' ? target.seq : null}
        />
      )}
      <ThreadComposer
        draftKey={draftKey}
        attach={state.attachments && files?.attachBox(draftKey, conversation, words.conversation.files)}
        onReply={(content, attachments) => {
          toNewest()
          feed?.writes(null)
          return conversation.send(content, attachments)
        }}
        onNote={(content) => {
          toNewest()
          feed?.writes(null)
          return feed?.write(content) ?? false
        }}
        onTyping={(typing) => conversation.setTyping(typing)}
        onWriting={(what) => feed?.writes(what)}
      />
    </div>
  )
}
