// What every engine does with an activity of a chat.
import type { ActivityBodies, ActivityKind, SupportActivity, SupportNote } from '../../protocol/activity.ts'
import type { SupportRating } from '../../protocol/ratings.ts'
import type { Actor, NewNote } from '../../server/ports/store/activities.ts'
import type { Assigning } from '../../server/ports/store/chats.ts'
import { later } from './later.ts'

/** The part of a chat's row that an activity changes */
export interface ActivityHead {
  last_activity_seq: number
  /** Null: there is none yet */
  last_activity_at: string | null
}

/** An activity as it is stored: its body is JSON text, which keeps what a database's JSON type would change */
export type ActivityRow = Omit<SupportActivity, 'body'> & { body: string }

/** A field of SupportActivity that is missing here does not compile */
const COLUMNS: Record<keyof SupportActivity, true> = {
  id: true,
  seq: true,
  kind: true,
  actor_id: true,
  actor_name: true,
  body: true,
  client_id: true,
  created_at: true,
}
export const ACTIVITY_COLUMNS = Object.keys(COLUMNS) as (keyof SupportActivity)[]

export const activityOf = (row: ActivityRow): SupportActivity =>
  ({ ...row, body: JSON.parse(row.body) as unknown }) as SupportActivity

export const activityRow = (activity: SupportActivity): ActivityRow => ({
  ...activity,
  body: JSON.stringify(activity.body),
})

type What = { [Kind in ActivityKind]: { kind: Kind; body: ActivityBodies[Kind] } }[ActivityKind]

interface Circumstances {
  actor: Actor | null
  client_id: string | null
  at: string
}

/** The activity as it is stored. Moves the chat's head on */
function place(chat: ActivityHead, what: What, { actor, client_id, at }: Circumstances): SupportActivity {
  const seq = chat.last_activity_seq + 1
  const created_at = later(at, chat.last_activity_at)
  chat.last_activity_seq = seq
  chat.last_activity_at = created_at
  const by = { actor_id: actor?.id ?? null, actor_name: actor?.name ?? null }
  return { id: crypto.randomUUID(), seq, ...what, ...by, client_id, created_at }
}

export function placeNote(chat: ActivityHead, { content, actor, client_id, created_at: at }: NewNote): SupportNote {
  return place(chat, { kind: 'note', body: { content } }, { actor, client_id, at }) as SupportNote
}

export const placeArchived = (
  chat: ActivityHead,
  archived: boolean,
  { at, actor }: { at: string; actor: Actor | null },
): SupportActivity =>
  place(chat, archived ? { kind: 'archived', body: {} } : { kind: 'unarchived', body: { by_message: false } }, {
    actor,
    client_id: null,
    at,
  })

export const placeBlocked = (
  chat: ActivityHead,
  blocked: boolean,
  { at, actor }: { at: string; actor: Actor | null },
): SupportActivity => place(chat, { kind: blocked ? 'blocked' : 'unblocked', body: {} }, { actor, client_id: null, at })

/** The chat goes to somebody of staff, or to nobody */
export const placeAssigned = (
  chat: ActivityHead,
  { assignee, actor, at, byReply = false }: Assigning & { byReply?: boolean },
): SupportActivity =>
  place(
    chat,
    {
      kind: 'assigned',
      body: { assignee_id: assignee?.id ?? null, assignee_name: assignee?.name ?? null, by_reply: byReply },
    },
    { actor, client_id: null, at },
  )

/** The user said how the help was */
export const placeRated = (chat: ActivityHead, { score, comment, rated_at: at }: SupportRating): SupportActivity =>
  place(chat, { kind: 'rated', body: { score, comment } }, { actor: null, client_id: null, at })

/** A person of staff is to answer, and not the assistant */
export const placeHandedOver = (
  chat: ActivityHead,
  { by, at }: ActivityBodies['handed_over'] & { at: string },
): SupportActivity => place(chat, { kind: 'handed_over', body: { by } }, { actor: null, client_id: null, at })

/** What became of a mail to the user */
export type AboutMail = Extract<What, { kind: 'mail_sent' | 'mail_failed' | 'mail_bounced' }>

export const placeMail = (chat: ActivityHead, what: AboutMail, at: string): SupportActivity =>
  place(chat, what, { actor: null, client_id: null, at })

/** Tags of the chat have changed */
export const placeTagged = (
  chat: ActivityHead,
  body: ActivityBodies['tagged'],
  { at, actor }: { at: string; actor: Actor | null },
): SupportActivity => place(chat, { kind: 'tagged', body }, { actor, client_id: null, at })

/** A message of the user brought the chat back from the archive */
export const placeUnarchivedByMessage = (chat: ActivityHead, at: string): SupportActivity =>
  place(chat, { kind: 'unarchived', body: { by_message: true } }, { actor: null, client_id: null, at })

/** Its writer repeats a note, and does not use its client_id for another one */
export const isSameNote = (stored: SupportActivity, { content }: NewNote): stored is SupportNote =>
  stored.kind === 'note' && stored.body.content === content
