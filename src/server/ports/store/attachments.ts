import type { SupportAttachment } from '../../../protocol/attachments.ts'
import type { SenderType } from '../../../protocol/types.ts'

/** What is stored of a file beside its content, which `Blobs` has under the file's id. Its URL is made where it is sent */
export type StoredAttachment = Omit<SupportAttachment, 'url'>

/** Who attached a file, and to which chat */
export interface AttachedBy {
  chat_id: string
  sender_type: SenderType
  sender_id: string
}

export interface NewUpload extends AttachedBy {
  /** A UUID that nobody can guess */
  id: string
  name: string
  /** Bytes */
  size: number
  created_at: string
  /** It has failed if it is not finished by then */
  due_at: string
}

/** What one person may upload from `since` on, over all chats */
export interface UploadQuota {
  since: string
  files: number
  bytes: number
}

export interface FinishedUpload extends Pick<StoredAttachment, 'id' | 'type' | 'width' | 'height'> {
  /** Unique per chat and sender */
  client_id: string | null
  /** It is swept then, unless a message carries it */
  due_at: string
}

export type FinishedOutcome =
  | { kind: 'stored'; attachment: StoredAttachment }
  /** Another upload under this client_id was finished before; this one is to be deleted, as by `dropUpload` */
  | { kind: 'repeated'; attachment: StoredAttachment }
  /** It was dropped, or its chat erased */
  | { kind: 'gone' }

export interface AttachmentRecord extends StoredAttachment, AttachedBy {
  /** Null: no message carries it yet */
  message_id: string | null
}

/**
 * A file is announced before its content comes, so that the database knows of each content that may lie somewhere. What is dropped, swept or
 * erased is gone at once, and its row stays until the content is deleted, whatever is killed meanwhile. `appendMessages` gives a file to a
 * message.
 */
export interface AttachmentStore {
  /** @param quota null: there is no limit, and it counts for none */
  reserveUpload(upload: NewUpload, quota: UploadQuota | null): Promise<'reserved' | 'no_chat' | 'too_many'>
  finishUpload(upload: FinishedUpload): Promise<FinishedOutcome>
  /**
   * It is gone, unless a message carries it.
   * @returns whether it is gone now, and its content may be deleted
   */
  dropUpload(id: string): Promise<boolean>
  /** A finished one */
  findAttachment(id: string): Promise<AttachmentRecord | undefined>
  /** The one that was finished under this client_id */
  findUpload(by: AttachedBy, clientId: string): Promise<AttachmentRecord | undefined>
  /**
   * Files that are gone: dropped ones, those of erased chats, and those that were due by `at` and are gone from now on. One that was not
   * finished comes no earlier than it is due: its content may be under way.
   * @returns ids, at most `limit`
   */
  goneAttachments(at: string, limit: number): Promise<string[]>
  /** The contents of these are deleted. Those that are not gone stay */
  forgetAttachments(ids: string[]): Promise<void>
}
