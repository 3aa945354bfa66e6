// The messages of one conversation. It never moves what somebody is reading, and says what is new.
import type { ComponentChildren, RefObject, VNode } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation/conversation.ts'
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import type { Announcer } from './announcer.ts'
import { blockOf, cutBlock, type Block } from './blocks.ts'
import type { ConversationCatalogue } from './catalogue.ts'
import { createDates } from './dates.ts'
import { DownIcon } from './icons.tsx'
import { late } from './late.ts'
import { LogBlock } from './log-block.tsx'
import { senderName } from './message.tsx'
import { firstUnread } from './rows.ts'
import { useDrawn } from './use-drawn.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import { useToday } from './use-today.ts'

export interface MessageLogProps {
  words: ConversationCatalogue
  conversation: Pick<Conversation, 'loadOlder' | 'retry' | 'discard' | 'api' | 'role' | 'state'>
  /** Which side we are */
  role: SenderType
  /** What to show of it; usually its own state */
  state: ConversationState
  /** What the other side is called when a message has no name */
  otherName: string
  /** Somebody is looking: what comes in is seen as it comes, and the "New" divider stays where it is */
  active: boolean
  /** Name our own runs too ("You"), as the dashboard does */
  labelOwn?: boolean
  /** Open at the "New" divider, not at the end, when the two are more than a screen apart */
  openAtNew?: boolean
  /** The seq of a message that somebody has asked for */
  show?: number | null
  /** Covers the log until its last two blocks, which are more than the panel shows, are drawn */
  waiting?: ComponentChildren
  /** Shown while there are no messages */
  empty?: ComponentChildren
}

/** Pixels from the top at which older messages are asked for */
const AHEAD = 200

export function MessageLog(props: MessageLogProps): VNode {
  const { words, conversation, role, state, otherName, active, labelOwn = false, empty } = props
  const today = useToday()
  const dates = useMemo(() => createDates(words), [words, today])
  const log = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const announced = useRef<HTMLDivElement>(null)
  const newFrom = useNewFrom(state, role, active)
  const newest = state.messages.at(-1)?.seq ?? 0
  const opensAt = useRef(props.openAtNew ? newFrom : null).current
  const first = blockOf(state.messages[0]?.seq ?? 0)
  const from = useDrawn(first, blockOf(newest), props.show ?? opensAt)
  const blocks = useBlocks(state, role, newFrom, from)
  const { atEnd, onScroll, toEnd } = useStickToEnd(
    log,
    list,
    state.pending.length,
    [state.messages, from],
    props.openAtNew && '.db-new',
  )
  useAnnouncer(announced, props)
  const leftAt = useRef(0)
  if (atEnd) leftAt.current = newest
  const missed = atEnd
    ? 0
    : state.messages.filter(({ seq, sender_type }) => seq > leftAt.current && sender_type !== role).length

  const olderIfNear = (): void => {
    const isReady = state.has_more && !state.loading_older && from === first
    if (isReady && log.current && log.current.scrollTop < AHEAD) void conversation.loadOlder()
  }
  // A first page may be shorter than the window, and a page that did not come is asked for again with a new connection.
  useEffect(olderIfNear, [from, state.has_more, state.messages.length, state.connection])

  return (
    <div class="db-log-box">
      <div
        class="db-log"
        role="log"
        aria-live="off"
        aria-label={words.log}
        tabIndex={0}
        ref={log}
        onScroll={() => {
          onScroll()
          olderIfNear()
        }}
      >
        <div class="db-older">{state.loading_older && words.loadingOlder}</div>
        {state.messages.length + state.pending.length === 0 && empty}
        <div ref={list}>
          {blocks.map(([at, block]) => (
            <LogBlock
              key={at}
              at={at}
              {...block}
              role={role}
              words={words}
              dates={dates}
              conversation={conversation}
              otherName={otherName}
              labelOwn={labelOwn}
            />
          ))}
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="db-jump" onClick={toEnd}>
          <DownIcon />
          {missed ? words.jumpNew(missed) : words.jump}
        </button>
      )}
      {state.messages.length + state.pending.length > 0 && from > first && from >= blockOf(newest) && props.waiting}
      <div class="db-vh" aria-live="polite" ref={announced} />
      <div class="db-typing" aria-live="polite">
        {state.typing && <bdi>{words.typing(state.typing.name ?? otherName)}</bdi>}
      </div>
    </div>
  )
}

/** The blocks that are drawn, by their number. One in which nothing has changed is the same as before */
function useBlocks(
  state: ConversationState,
  role: SenderType,
  newFrom: number | null,
  from: number,
): readonly (readonly [number, Block])[] {
  const { messages, other_read_seq } = state
  const drawn = useRef(new Map<number, Block>())
  const seen = useMemo(
    () => messages.findLast((message) => message.sender_type === role && message.seq <= other_read_seq)?.seq ?? 0,
    [messages, other_read_seq, role],
  )
  const blocks = Array.from({ length: blockOf(messages.at(-1)?.seq ?? 0) - from + 1 }, (_, i) => {
    const at = from + i
    return [at, cutBlock(state, at, seen, newFrom, drawn.current.get(at))] as const
  })
  drawn.current = new Map(blocks)
  return blocks
}

const useSpeech = late(() => import('./announcer.ts')).use

/** Says what is new in `region`. Without the chunk, which a lost connection may keep away, the log is shown all the same. */
export function useAnnouncer(
  region: RefObject<HTMLElement | null>,
  { words, role, state, otherName }: Pick<MessageLogProps, 'words' | 'role' | 'state' | 'otherName'>,
): void {
  const speech = useSpeech(true)
  const announce = useRef<Announcer | null>(null)
  const first = useRef(state).current
  useEffect(() => {
    if (!speech || !region.current) return
    const nameOf = (message: SupportMessage): string =>
      senderName(message, message.sender_type === role, words, otherName)
    announce.current ??= speech.createAnnouncer(region.current, words, first)
    announce.current(state, nameOf)
  }, [speech, state])
}

/** The seq of the "New" divider: set when the log is first shown, moved only while nobody looks, removed by an answer */
export function useNewFrom(state: ConversationState, role: SenderType, active: boolean): number | null {
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
