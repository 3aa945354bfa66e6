import type { ActivityRange, ActivitySlice, SupportNote } from '../../../protocol/activity.ts'

/** Who of staff did something, or a bot in their place */
export interface Actor {
  id: string
  name: string | null
}

export interface NewNote {
  chat_id: string
  content: string
  actor: Actor
  /** Unique per chat and actor */
  client_id: string | null
  created_at: string
}

export type NoteOutcome =
  | { kind: 'stored'; note: SupportNote }
  /** The actor already wrote the same note under this client_id; nothing was written */
  | { kind: 'repeated'; note: SupportNote }
  /** The actor already used this client_id for another note */
  | { kind: 'conflict' }
  | { kind: 'no_chat' }

/**
 * What only staff see of a chat, in a sequence of its own: `seq` is 1..n without holes, numbered under the chat's lock in the transaction of
 * what it tells of. `setArchived` and `appendMessages` write it too.
 */
export interface ActivityStore {
  addNote(note: NewNote): Promise<NoteOutcome>
  activities(chatId: string, range: ActivityRange): Promise<ActivitySlice>
}
