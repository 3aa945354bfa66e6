// The box below the thread, which says all the time which of the two it writes: a reply, which the customer gets, or a note, which only
// staff see. Each has a box of its own with a draft of its own, so that no text can change sides.
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { SupportAttachment } from '../../protocol/attachments.ts'
import { Composer } from '../../ui/composer.tsx'
import type { AttachBox } from '../../ui/files/attach-box.ts'
import { late } from '../../ui/late.ts'
import type { ComposerKind } from '../state/open-activity.ts'
import { CannedReplies } from './canned-replies.tsx'
import { compose } from './compose.ts'
import { useDashboard } from './context.ts'
import { NoteIcon } from './icons.tsx'

const useSuggest = late(() => import('./suggest-reply.tsx')).use

interface Props {
  /** Whose draft it is: the person and the chat */
  draftKey: string
  /** Of a reply; nothing where no files can be sent. Notes have none */
  attach: AttachBox | null | undefined
  onReply: (content: string, attachments?: SupportAttachment[]) => boolean
  onNote: (content: string) => boolean
  /** The customer sees it */
  onTyping: (typing: boolean) => void
  /** Colleagues see it */
  onWriting: (what: ComposerKind | null) => void
}

const noteDraft = (key: string): string => `note:${key}`

export function ThreadComposer({ draftKey, attach, onReply, onNote, onTyping, onWriting }: Props): JSX.Element {
  const { desk, words, drafts } = useDashboard()
  const { kind } = desk.activity
  const about = desk.openChat.about.value
  const isNote = kind.value === 'note'
  const suggest = useSuggest(about?.assistant?.suggests === true)
  const { singleKeys } = desk.preferences
  useEffect(() => {
    // A reply that was begun is not being typed any more
    if (isNote) onTyping(false)
  }, [isNote])
  const box = isNote
    ? { ...words.conversation, message: words.noteLabel, placeholder: words.notePlaceholder, send: words.addNote }
    : words.conversation
  const choice = (of: ComposerKind, key: string, text: string): JSX.Element => (
    <button
      type="button"
      class={`compose-kind is-${of}`}
      aria-pressed={kind.value === of}
      aria-keyshortcuts={singleKeys.value ? key : undefined}
      onClick={() => compose(kind, of)}
    >
      {of === 'note' && <NoteIcon />}
      {text}
      {kind.value !== of && drafts.get(of === 'note' ? noteDraft(draftKey) : draftKey) !== '' && (
        <span class="compose-draft">{words.draft}</span>
      )}
    </button>
  )
  return (
    <div class={isNote ? 'compose is-note' : 'compose'}>
      <div class="compose-kinds" role="group" aria-label={words.composeLabel}>
        {choice('reply', 'r', words.reply)}
        {choice('note', 'n', words.note)}
        <span class="compose-hint">{isNote ? words.onlyStaff : ''}</span>
        {!isNote && about && suggest && <suggest.SuggestReply key={about.id} chatId={about.id} />}
        <CannedReplies key={kind.value} />
      </div>
      <Composer
        key={kind.value}
        words={box}
        drafts={drafts}
        draftKey={isNote ? noteDraft(draftKey) : draftKey}
        attach={isNote ? null : attach}
        onSend={isNote ? onNote : onReply}
        onTyping={(typing) => {
          onWriting(typing ? kind.peek() : null)
          // The customer is not told that somebody writes a note
          if (!isNote) onTyping(typing)
        }}
      />
    </div>
  )
}
