// One message: its bubble, and under the last of a run what became of it.
import { Component } from 'preact'
import type { VNode } from 'preact'
import { AlertIcon } from './icons.tsx'
import { linkify } from './linkify.ts'
import type { Row } from './rows.ts'
import { strings } from './strings.ts'
import { fullLabel, timeLabel } from './time.ts'

export interface MessageProps {
  row: Extract<Row, { kind: 'message' }>
  /** What the other side is called when a message has no name */
  otherName: string
  labelOwn: boolean
  online: boolean
  onRetry: (clientId: string) => void
  onDiscard: (clientId: string) => void
}

const Text = ({ text }: { text: string }): VNode => (
  <>
    {linkify(text).map((piece) =>
      typeof piece === 'string' ? (
        piece
      ) : (
        <a href={piece.href} target="_blank" rel="noopener nofollow ugc">
          {piece.text}
        </a>
      ),
    )}
  </>
)

export class Message extends Component<MessageProps> {
  // A long log is drawn again for every message that comes in; nearly all of it has not changed.
  override shouldComponentUpdate({ row, online, otherName }: MessageProps): boolean {
    const now = this.props
    const before = now.row
    return (
      online !== now.online ||
      otherName !== now.otherName ||
      row.entry.content !== before.entry.content ||
      row.entry.created_at !== before.entry.created_at ||
      row.entry.pending !== before.entry.pending ||
      row.first !== before.first ||
      row.last !== before.last ||
      row.seen !== before.seen
    )
  }

  override render({ row, otherName, labelOwn }: MessageProps): VNode {
    const { entry, own, first, last, seen } = row
    const name = own ? strings.you : (entry.sender_name ?? otherName)
    const side = own ? 'own' : 'other'
    return (
      <div class={`db-msg db-${side}${first ? ' db-first' : ''}${last ? ' db-last' : ''}`}>
        {first && (!own || labelOwn) && (
          <div class="db-name">
            {!own && (
              <span class="db-initial" aria-hidden="true">
                {initial(name)}
              </span>
            )}
            <bdi>{name}</bdi>
          </div>
        )}
        {((own && !labelOwn) || !first) && <span class="db-vh">{`${name}: `}</span>}
        <div class="db-bubble" dir="auto" title={fullLabel(entry.created_at)}>
          <Text text={entry.content} />
        </div>
        {(last || seen || entry.pending?.status === 'failed') && this.#meta(seen)}
      </div>
    )
  }

  #meta(seen: boolean): VNode {
    const { row, online, onRetry, onDiscard } = this.props
    const { created_at, pending } = row.entry
    if (!pending) {
      return (
        <div class="db-meta">
          <time dateTime={created_at}>{timeLabel(created_at)}</time>
          {seen && ` · ${strings.seen}`}
        </div>
      )
    }
    const { client_id, status, reason } = pending
    if (status === 'sending') {
      return <div class={`db-meta${online ? ' db-late' : ''}`}>{online ? strings.sending : strings.waiting}</div>
    }
    return (
      <div class="db-meta db-failed">
        <AlertIcon />
        <span>
          {strings.notSent} {strings.reasons[reason ?? '']}
        </span>
        <button type="button" onClick={() => onRetry(client_id)}>
          {strings.retry}
        </button>
        <button type="button" onClick={() => onDiscard(client_id)}>
          {strings.discard}
        </button>
      </div>
    )
  }
}

/** By character, not by code unit: a name may begin with an emoji or a quote */
const initial = (name: string): string => /\p{L}|\p{N}|\p{Emoji}/u.exec(name)?.[0].toLocaleUpperCase() ?? '?'
