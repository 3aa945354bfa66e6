import type { CannedReply, ImportedReplies } from '../../../protocol/canned-replies.ts'

/** What staff write of a canned reply */
export type ReplyText = Pick<CannedReply, 'shortcut' | 'title' | 'body'>

export type ReplyOutcome =
  | { kind: 'stored'; reply: CannedReply }
  /** The same is stored already; nothing was written */
  | { kind: 'repeated'; reply: CannedReply }
  /** Another one has the shortcut */
  | { kind: 'taken' }
  /** There are as many as `MAX_CANNED_REPLIES` */
  | { kind: 'full' }
  /** There is none with this id */
  | { kind: 'unknown' }

/** The canned replies of the team. Shortcuts are unique */
export interface CannedReplyStore {
  /** In order of their shortcuts, by code point */
  cannedReplies(): Promise<CannedReply[]>
  addCannedReply(id: string, text: ReplyText, at: string): Promise<ReplyOutcome>
  changeCannedReply(id: string, change: Partial<ReplyText>, at: string): Promise<ReplyOutcome>
  /** @returns false: there was none with this id */
  removeCannedReply(id: string): Promise<boolean>
  /**
   * Adds those whose shortcuts are new, and changes the others, all or nothing.
   * @param texts with different shortcuts
   * @returns undefined: there would be more than `MAX_CANNED_REPLIES`; nothing was written
   */
  importCannedReplies(texts: ReplyText[], at: string): Promise<ImportedReplies | undefined>
}
