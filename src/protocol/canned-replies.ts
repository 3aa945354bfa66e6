// Texts that staff send often, kept once for the whole team.

/** Characters (UTF-16 units) of a canned reply's shortcut and title. Its body is as long as a message */
export const MAX_SHORTCUT = 40
export const MAX_REPLY_TITLE = 100
/** Canned replies of one desk */
export const MAX_CANNED_REPLIES = 1_000
/** No space and no slash, which end and begin it where it is typed */
export const SHORTCUT_PATTERN: RegExp = /^[^\s/\0]+$/

export interface CannedReply {
  id: string
  /** What staff type after a slash to find it: in lower case, without spaces and slashes, at most 40 characters. Unique */
  shortcut: string
  /** At most 100 characters; may be empty */
  title: string
  /** Plain text, 1 to 10,000 characters, with placeholders: `{{user.name}}`, `{{agent.name}}` */
  body: string
  /** ISO 8601 */
  updated_at: string
}

/** `GET admin/replies`. It can be imported as it is */
export interface CannedReplies {
  /** In order of their shortcuts */
  replies: CannedReply[]
  /** What `{{agent.name}}` stands for: the name of whoever asks; null: unknown */
  agent_name: string | null
}

/** `POST admin/replies/import` */
export interface ImportedReplies {
  added: number
  /** Their shortcuts were there, with another title or body */
  changed: number
  /** They were there as they are */
  unchanged: number
}
