// What only staff see, in the thread: a note as a card of its own colour, everything else as a quiet line.
import type { JSX } from 'preact'
import type { PendingMessage } from '../../client/conversation/outbox.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import { personTag } from '../../protocol/person.ts'
import type { Dates } from '../../ui/dates.ts'
import { FormattedText } from '../../ui/formatted-text.tsx'
import { AlertIcon } from '../../ui/icons.tsx'
import type { DashboardCatalogue } from '../catalogue.ts'
import { useDashboard } from './context.ts'
import { NoteIcon } from './icons.tsx'

/** Who did it, as this member of staff calls them; null: nobody of staff */
export function actorOf(activity: SupportActivity, person: string | null, words: DashboardCatalogue): string | null {
  const { actor_id, actor_name } = activity
  if (actor_id === null) return null
  return person === personTag('admin', actor_id) ? words.you : (actor_name ?? words.aColleague)
}

/** Something went wrong that staff may want to act on */
const WARNINGS: ReadonlySet<SupportActivity['kind']> = new Set(['mail_failed', 'mail_bounced'])

/** One sentence for a line, and for screen readers */
export function sentenceOf(activity: SupportActivity, person: string | null, words: DashboardCatalogue): string {
  const who = actorOf(activity, person, words)
  switch (activity.kind) {
    case 'note':
      return words.noteBy(who ?? words.aColleague)
    case 'rated':
      return words.ratedBy(activity.body.score, activity.body.comment)
    case 'tagged':
      return words.tagged(who, activity.body.added, activity.body.removed)
    case 'blocked':
      return words.blockedBy(who)
    case 'unblocked':
      return words.unblockedBy(who)
    case 'handed_over':
      return words.handedOver[activity.body.by]
    case 'archived':
      return words.archivedBy(who)
    case 'unarchived':
      return activity.body.by_message ? words.unarchivedByMessage : words.unarchivedBy(who)
    case 'mail_sent':
      return words.mailSent(activity.body.address)
    case 'mail_failed':
      return activity.body.uncertain
        ? words.mailUncertain(activity.body.address, activity.body.reason)
        : words.mailFailed(activity.body.address, activity.body.reason)
    case 'mail_bounced':
      return words.mailBounced[activity.body.delivery](activity.body.address, activity.body.reason)
    case 'assigned':
      return assignedSentence(activity, person, words)
  }
}

function assignedSentence(
  activity: Extract<SupportActivity, { kind: 'assigned' }>,
  person: string | null,
  words: DashboardCatalogue,
): string {
  const { actor_id } = activity
  const { assignee_id: id, assignee_name: name, by_reply } = activity.body
  const who = actorOf(activity, person, words)
  if (id === null) return words.unassignedBy(who)
  const isMe = person === personTag('admin', id)
  if (id === actor_id)
    return by_reply ? words.takenByReply(who ?? words.aColleague) : words.takenBy(who ?? words.aColleague)
  return words.assignedBy(who, isMe ? null : (name ?? words.aColleague))
}

interface Props {
  activity: SupportActivity
  /** Who looks, as a `personTag` */
  person: string | null
  dates: Dates
}

export function ActivityRow({ activity, person, dates }: Props): JSX.Element {
  const { words } = useDashboard()
  const time = (
    <time dateTime={activity.created_at} title={dates.full(activity.created_at)}>
      {dates.time(activity.created_at)}
    </time>
  )
  if (activity.kind !== 'note')
    return (
      <p class={`happened${WARNINGS.has(activity.kind) ? ' is-warning' : ''}`}>
        {WARNINGS.has(activity.kind) && <AlertIcon />}
        <bdi>{sentenceOf(activity, person, words)}</bdi>
        <span aria-hidden="true"> · </span>
        {time}
      </p>
    )
  return (
    <Note who={actorOf(activity, person, words) ?? words.aColleague} content={activity.body.content}>
      {time}
    </Note>
  )
}

interface PendingProps {
  note: PendingMessage
  online: boolean
  onRetry: () => void
  onDiscard: () => void
}

export function PendingNote({ note, online, onRetry, onDiscard }: PendingProps): JSX.Element {
  const { words } = useDashboard()
  const { conversation } = words
  const waiting = note.kept ? conversation.waiting : conversation.waitingHere
  return (
    <Note who={words.you} content={note.content}>
      {note.status === 'sending' ? (
        <span class={online ? 'db-late' : ''}>{online ? conversation.sending : waiting}</span>
      ) : (
        <span class="db-failed">
          <AlertIcon />
          <span>
            {conversation.notSent} {conversation.reasons[note.reason ?? '']}
          </span>
          <button type="button" onClick={onRetry}>
            {conversation.retry}
          </button>
          <button type="button" onClick={onDiscard}>
            {conversation.discard}
          </button>
        </span>
      )}
    </Note>
  )
}

function Note({ who, content, children }: { who: string; content: string; children: JSX.Element }): JSX.Element {
  const { words } = useDashboard()
  return (
    <article class="note" aria-label={words.noteBy(who)}>
      <header class="note-head">
        <NoteIcon />
        <bdi class="note-who">{who}</bdi>
        <span class="note-kind">{words.noteLabel}</span>
      </header>
      <div class="note-text">
        <FormattedText text={content} words={words.conversation} />
      </div>
      <footer class="note-foot">{children}</footer>
    </article>
  )
}
