// What only staff see of a chat: its activity. It is no part of the conversation, and has a sequence of its own.

/** What each kind of activity says. A new kind is one entry here */
export interface ActivityBodies {
  /** Somebody of staff wrote it for their colleagues. Plain text, 1 to 10,000 characters */
  note: { content: string }
  archived: Record<string, never>
  /** Nothing more of the user is taken in */
  blocked: Record<string, never>
  unblocked: Record<string, never>
  /** The user said how the help was: `score` from 1 to 5, and a comment or null */
  rated: { score: number; comment: string | null }
  /** The tags that the chat got and lost, in order of their characters */
  tagged: { added: string[]; removed: string[] }
  /** `by_message`: a message of the user did it, and no member of staff */
  unarchived: { by_message: boolean }
  /** The assistant answers no more, and a person of staff is to: the user asked for one, it said so itself, or it had answered too often */
  handed_over: { by: 'user' | 'assistant' | 'limit' }
  /** An e-mail to the user about replies went to `address` */
  mail_sent: { address: string }
  /** One did not: why, and whether it may have arrived all the same. It is not sent again; a later reply leads to another one */
  mail_failed: { address: string; reason: string | null; uncertain: boolean }
  /** The mail service told that one came back, was reported as spam, or is held back, and why */
  mail_bounced: { address: string; delivery: 'bounced' | 'complained' | 'suppressed'; reason: string | null }
  /** Who has the chat now; null: nobody. `by_reply`: they took it by a reply, when nobody had it */
  assigned: { assignee_id: string | null; assignee_name: string | null; by_reply: boolean }
}

export type ActivityKind = keyof ActivityBodies

export interface ActivityEntry<Kind extends ActivityKind> {
  /** UUIDv4, made by the server */
  id: string
  /** Position in the activity of its chat: 1..n without gaps, in commit order */
  seq: number
  kind: Kind
  /** Who of staff did it, as the host names them; null: nobody of staff, or the host's own code */
  actor_id: string | null
  actor_name: string | null
  body: ActivityBodies[Kind]
  /** The id that the client of its writer gave it; null without one */
  client_id: string | null
  /** ISO 8601; later than that of the activity before it */
  created_at: string
}

/** Something that only staff see of a chat */
export type SupportActivity = { [Kind in ActivityKind]: ActivityEntry<Kind> }[ActivityKind]

/** An internal note */
export type SupportNote = Extract<SupportActivity, { kind: 'note' }>

/** A part of a chat's activity: at most `limit` entries after or before a seq */
export type ActivityRange = { after: number; limit: number } | { before: number; limit: number }

/** A page of a chat's activity, oldest first */
export interface ActivitySlice {
  activities: SupportActivity[]
  /** There are more beyond the page, in the requested direction */
  has_more: boolean
}

/** `GET admin/chats/:id/activity` */
export interface ActivityPage extends ActivitySlice {
  /** Changes when the database is restored: a position (`seq`) is valid only within one epoch */
  epoch: string
}
