// The messages of one conversation, as a live region that does not steal its reader's place.
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../client/conversation/conversation.ts'
import type { SenderType } from '../protocol/types.ts'
import { DownIcon } from './icons.tsx'
import { Message } from './message.tsx'
import { firstUnread, toRows } from './rows.ts'
import { strings } from './strings.ts'
import { dayLabel } from './time.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

export interface MessageLogProps {
  state: ConversationState
  /** Which side we are */
  role: SenderType
  /** What the other side is called when a message has no name */
  otherName: string
  /** Someone is looking: what comes in now is seen as it comes, and the "New" divider stays where it is */
  active: boolean
  onLoadOlder: () => void
  onRetry: (clientId: string) => void
  onDiscard: (clientId: string) => void
  /** Name our own runs too ("You"): in a dashboard one reads along from outside */
  labelOwn?: boolean
  /** Open at the "New" divider, not at the end, when the two are more than a screen apart */
  openAtNew?: boolean
  /** In place of messages while there are none */
  empty?: ComponentChildren
}

const Divider = ({ label, tone }: { label: string; tone: string }): VNode => (
  <div class={`db-divider db-${tone}`}>
    <span>{label}</span>
  </div>
)

/** From how far above the top older messages are asked for */
const AHEAD = 200

export function MessageLog(props: MessageLogProps): VNode {
  const { state, role, otherName, active, onLoadOlder, onRetry, onDiscard, labelOwn = false, empty } = props
  const log = useRef<HTMLDivElement>(null)
  const newFrom = useNewFrom(state, role, active)
  const { atEnd, onScroll, toEnd } = useStickToEnd(
    log,
    state.messages[0]?.id,
    state.pending.length,
    props.openAtNew ? '.db-new' : undefined,
  )
  const leftAt = useRef(0)
  const newest = state.messages.at(-1)?.seq ?? 0
  if (atEnd) leftAt.current = newest
  const missed = state.messages.filter((m) => m.seq > leftAt.current && m.sender_type !== role).length

  const olderIfNear = (): void => {
    const element = log.current
    if (element && state.has_more && !state.loading_older && element.scrollTop < AHEAD) onLoadOlder()
  }
  // A first page may be shorter than the window.
  useEffect(olderIfNear, [state.has_more, state.messages.length])

  const rows = toRows(state, role, newFrom)
  return (
    <div class="db-log-box">
      <div
        class="db-log"
        role="log"
        aria-label={strings.log}
        tabIndex={0}
        ref={log}
        onScroll={() => {
          onScroll()
          olderIfNear()
        }}
      >
        <div class="db-older">{state.loading_older && strings.loadingOlder}</div>
        {rows.length === 0 && empty}
        {rows.map((row) =>
          row.kind === 'message' ? (
            <Message
              key={row.key}
              row={row}
              otherName={otherName}
              labelOwn={labelOwn}
              online={state.connection === 'connected'}
              onRetry={onRetry}
              onDiscard={onDiscard}
            />
          ) : (
            <Divider
              key={row.key}
              tone={row.kind}
              label={row.kind === 'day' ? dayLabel(row.at) : strings.newMessages}
            />
          ),
        )}
      </div>
      {!atEnd && (
        <button type="button" class="db-jump" onClick={toEnd}>
          <DownIcon />
          {missed ? strings.jumpNew(missed) : strings.jump}
        </button>
      )}
      <div class="db-typing" aria-live="polite">
        {state.typing && <bdi>{strings.typing(state.typing.name ?? otherName)}</bdi>}
      </div>
    </div>
  )
}

/** Set when the log is first seen, moved only while nobody looks, gone once the reader has answered */
function useNewFrom(state: ConversationState, role: SenderType, active: boolean): number | null {
  const held = useRef<{ at: number | null; ready: boolean; pending: number }>({ at: null, ready: false, pending: 0 })
  const { current } = held
  if (state.status === 'ready') {
    if (!current.ready || !active) current.at = firstUnread(state.messages, role) ?? (active ? null : current.at)
    current.ready = true
    if (state.pending.length > current.pending) current.at = null
    current.pending = state.pending.length
  }
  return current.at
}
