// Messages and activity of one chat in one order of time. What the widget's log does with messages alone, with the same parts.
import type { JSX, RefObject } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { ConversationState } from '../../client/conversation/conversation.ts'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import { blockOf, cutBlock, lastBefore, type Block } from '../../ui/blocks.ts'
import { createDates } from '../../ui/dates.ts'
import { DownIcon } from '../../ui/icons.tsx'
import { useAnnouncer, useNewFrom } from '../../ui/message-log.tsx'
import { useDrawn } from '../../ui/use-drawn.ts'
import { useStickToEnd } from '../../ui/use-stick-to-end.ts'
import { useToday } from '../../ui/use-today.ts'
import type { StaffActivity } from '../state/open-activity.ts'
import type { StaffConversation } from '../state/open-chat.ts'
import { PendingNote, sentenceOf } from './activity-row.tsx'
import { Colliding } from './colleagues-here.tsx'
import { useDashboard } from './context.ts'
import { ThreadBlock } from './thread-block.tsx'
import { activityByBlock, type Above } from './thread-rows.ts'

interface Props {
  conversation: StaffConversation
  state: ConversationState
  feed: StaffActivity
  activity: ActivityState
  otherName: string
  /** The seq of a message that somebody has asked for */
  show: number | null
}

/** Pixels from the top at which older messages are asked for */
const AHEAD = 200
/** Blocks of messages that are more than a large screen */
const SCREEN = 3
/** How long (ms) what was read out stays in the page */
const STAYS = 10_000
const NONE: readonly SupportActivity[] = []

export function ThreadLog({ conversation, state, feed, activity, otherName, show }: Props): JSX.Element {
  const { desk, words: all } = useDashboard()
  const words = all.conversation
  const typing = desk.blocking.typing.value
  const today = useToday()
  const dates = useMemo(() => createDates(words), [words, today])
  const log = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const announced = useRef<HTMLDivElement>(null)
  const { messages, person } = state
  const newFrom = useNewFrom(state, 'admin', desk.isAttended.value)
  const newest = messages.at(-1)?.seq ?? 0
  const first = blockOf(messages[0]?.seq ?? 0)
  const from = useDrawn(first, blockOf(newest), show, SCREEN)
  const blocks = useBlocks(state, newFrom, from)
  const activities = useActivities(state, activity)
  const { atEnd, onScroll, toEnd } = useStickToEnd(log, list, state.pending.length + activity.pending.length, [
    messages,
    activities,
    from,
  ])
  useAnnouncer(announced, { words, role: 'admin', state, otherName })
  useActivityAnnouncer(announced, activity, person)
  const leftAt = useRef(0)
  if (atEnd) leftAt.current = newest
  const missed = atEnd
    ? 0
    : messages.filter(({ seq, sender_type }) => seq > leftAt.current && sender_type === 'user').length

  const oldest = messages[0]?.created_at
  useEffect(() => {
    // What happened among the messages that are here
    void feed.reachBack(state.has_more ? (oldest ?? '') : '')
  }, [feed, oldest, state.has_more])

  const olderIfNear = (): void => {
    const isReady = state.has_more && !state.loading_older && from === first
    if (isReady && log.current && log.current.scrollTop < AHEAD) void conversation.loadOlder()
  }
  // A first page may be shorter than the window, and a page that did not come is asked for again with a new connection.
  useEffect(olderIfNear, [from, state.has_more, messages.length, state.connection])

  const isEmpty = messages.length + state.pending.length + activity.activities.length + activity.pending.length === 0
  const aboveOf = (at: number): Above => {
    const message = lastBefore(messages, at)?.created_at ?? ''
    const happened = activities.get(at - 1)?.at(-1)?.created_at ?? ''
    return { at: (message > happened ? message : happened) || null, isActivity: happened > message }
  }

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
        {isEmpty && <p class="thread-empty">{all.noPreview}</p>}
        <div ref={list}>
          {partsOf(blocks).map(([part, inPart]) => (
            <div class="db-part" key={part} style={{ '--blocks': String(inPart.length) }}>
              {inPart.map(([at, block]) => (
                <ThreadBlock
                  key={at}
                  at={at}
                  {...block}
                  role="admin"
                  words={words}
                  dates={dates}
                  conversation={conversation}
                  otherName={otherName}
                  activities={activities.get(at) ?? NONE}
                  aboveAt={aboveOf(at).at}
                  isBelowActivity={aboveOf(at).isActivity}
                  person={person}
                />
              ))}
            </div>
          ))}
          {activity.pending.map((note) => (
            <PendingNote
              key={note.client_id}
              note={note}
              online={state.connection === 'connected'}
              onRetry={() => feed.retry(note.client_id)}
              onDiscard={() => feed.discard(note.client_id)}
            />
          ))}
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="db-jump" onClick={toEnd}>
          <DownIcon />
          {missed > 0 ? words.jumpNew(missed) : words.jump}
        </button>
      )}
      <div class="db-vh" aria-live="polite" ref={announced} />
      <div class="db-typing" aria-live="polite">
        {typing && <bdi>{words.typing(typing.name ?? otherName)}</bdi>}
        <Colliding looking={activity.looking} />
      </div>
    </div>
  )
}

/** The blocks that are drawn, by their number. One in which nothing has changed is the same as before */
function useBlocks(state: ConversationState, newFrom: number | null, from: number): readonly Numbered[] {
  const { messages, other_read_seq } = state
  const drawn = useRef(new Map<number, Block>())
  const seen = useMemo(
    () => messages.findLast(({ sender_type, seq }) => sender_type === 'admin' && seq <= other_read_seq)?.seq ?? 0,
    [messages, other_read_seq],
  )
  const blocks = Array.from({ length: blockOf(messages.at(-1)?.seq ?? 0) - from + 1 }, (_, i) => {
    const at = from + i
    return [at, cutBlock(state, at, seen, newFrom, drawn.current.get(at))] as const
  })
  drawn.current = new Map(blocks)
  return blocks
}

type Numbered = readonly [number, Block]

/** Blocks in a part */
const PART = 16

/** By parts, whose numbers are those of the messages too */
function partsOf(blocks: readonly Numbered[]): readonly (readonly [number, readonly Numbered[]])[] {
  const parts = new Map<number, Numbered[]>()
  for (const one of blocks) {
    const part = Math.floor(one[0] / PART)
    const inPart = parts.get(part)
    if (inPart) inPart.push(one)
    else parts.set(part, [one])
  }
  return [...parts]
}

/** By block. One in which nothing has changed is the same array as before, so that its block is not drawn again */
function useActivities(
  { messages, has_more }: ConversationState,
  { activities }: ActivityState,
): ReadonlyMap<number, readonly SupportActivity[]> {
  const before = useRef<ReadonlyMap<number, readonly SupportActivity[]>>(new Map())
  return useMemo(() => {
    const now = new Map(activityByBlock(messages, has_more, activities))
    for (const [at, entries] of now) {
      const known = before.current.get(at)
      if (known?.length === entries.length && entries.every((entry, i) => entry === known[i])) now.set(at, known)
    }
    return (before.current = now)
  }, [messages, has_more, activities])
}

/** Says what colleagues do, as it comes. Own notes were said when they were written */
function useActivityAnnouncer(
  region: RefObject<HTMLElement | null>,
  { activities }: ActivityState,
  person: string | null,
): void {
  const { words } = useDashboard()
  const heard = useRef<number | null>(null)
  useEffect(() => {
    const last = activities.at(-1)?.seq ?? 0
    const before = heard.current
    heard.current = last
    if (before === null || !region.current) return
    for (const one of activities.filter(({ seq }) => seq > before)) {
      // Its reply is said
      if (one.kind === 'assigned' && one.body.by_reply) continue
      const line = document.createElement('p')
      const text = one.kind === 'note' ? `: ${one.body.content}` : ''
      line.textContent = sentenceOf(one, person, words) + text
      region.current.append(line)
      setTimeout(() => line.remove(), STAYS)
    }
  }, [activities])
}
