// One message: its bubble, and below the last of a run when it was sent, or why it was not.
import { Component } from 'preact'
import type { VNode } from 'preact'
import type { Conversation } from '../client/conversation/conversation.ts'
import type { PendingMessage } from '../client/conversation/outbox.ts'
import type { SupportMessage } from '../protocol/types.ts'
import type { ConversationCatalogue } from './catalogue.ts'
import type { Dates } from './dates.ts'
import { differs } from './differs.ts'
import { FormattedText } from './formatted-text.tsx'
import { AlertIcon } from './icons.tsx'
import { initial } from './initial.ts'
import { MessageFiles } from './message-files.tsx'
import { isStored, type Entry } from './rows.ts'

export interface MessageProps extends Entry {
  words: ConversationCatalogue
  dates: Dates
  conversation: Pick<Conversation, 'retry' | 'discard' | 'api' | 'role' | 'state'>
  /** What the other side is called when a message has no name */
  otherName: string
  labelOwn: boolean
  online: boolean
}

export class Message extends Component<MessageProps> {
  // A long log is drawn again for every message that comes in, and nearly all of it has not changed.
  override shouldComponentUpdate(next: MessageProps): boolean {
    return differs(next, this.props)
  }

  override render({
    message,
    own,
    first,
    last,
    seen,
    words,
    dates,
    conversation,
    otherName,
    labelOwn,
  }: MessageProps): VNode {
    const name = senderName(message, own, words, otherName)
    // One that is stored has no status
    const isFailed = (message as Partial<PendingMessage>).status === 'failed'
    const note = words.note?.(message)
    return (
      <div
        class={`db-msg db-${own ? 'own' : 'other'}${first ? ' db-first' : ''}${last ? ' db-last' : ''}`}
        data-seq={isStored(message) ? message.seq : undefined}
      >
        {first && (!own || labelOwn) ? (
          <div class="db-name">
            {!own && (
              <span class="db-initial" aria-hidden="true">
                {initial(name, words.locale)}
              </span>
            )}
            <bdi>{name}</bdi>
          </div>
        ) : (
          <span class="db-vh">{`${name}: `}</span>
        )}
        {message.content && (
          <div class="db-bubble" title={dates.full(message.created_at)}>
            <FormattedText text={message.content} words={words} />
          </div>
        )}
        {message.attachments?.[0] && (
          <MessageFiles files={message.attachments} words={words} conversation={conversation} />
        )}
        {(last || seen || isFailed || note) && this.#meta(note)}
      </div>
    )
  }

  #meta(note: string | undefined): VNode {
    const { message, seen, words, dates, conversation, online } = this.props
    if (isStored(message)) {
      return (
        <div class="db-meta">
          <time dateTime={message.created_at}>{dates.time(message.created_at)}</time>
          {note}
          {seen && ` · ${words.seen}`}
        </div>
      )
    }
    const { client_id, status, reason, kept } = message
    if (status === 'sending') {
      const waiting = kept ? words.waiting : words.waitingHere
      return <div class={`db-meta${online ? ' db-late' : ''}`}>{online ? words.sending : waiting}</div>
    }
    return (
      <div class="db-meta db-failed">
        <AlertIcon />
        <span>
          {words.notSent} {words.reasons[reason ?? '']}
        </span>
        <button type="button" onClick={() => conversation.retry(client_id)}>
          {words.retry}
        </button>
        <button type="button" onClick={() => conversation.discard(client_id)}>
          {words.discard}
        </button>
      </div>
    )
  }
}

/** @param otherName what the other side is called when a message has no name */
export const senderName = (
  message: SupportMessage | PendingMessage,
  own: boolean,
  words: ConversationCatalogue,
  otherName: string,
): string =>
  // What a machine wrote is nobody's own, and what is not stored yet has no name
  ((!own || (message as Partial<SupportMessage>).automated) && (message as Partial<SupportMessage>).sender_name) ||
  (own ? words.you : otherName)
