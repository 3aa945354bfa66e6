import { hex, sha256 } from '../bytes.ts'
import type { Visitor } from '../people/visitors.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/**
 * The chat that visitors see before their first message. It is stored nowhere, and their id makes its own: so a page can subscribe to
 * it on any node.
 */
export class UnwrittenChat implements ChatRecord {
  readonly id: string
  readonly user_id: string
  readonly user_email = ''
  readonly user_name = null
  readonly last_seq = 0
  readonly last_activity_seq = 0
  readonly archived_at = null
  readonly assignee_id = null
  readonly assignee_name = null
  readonly blocked_at = null
  readonly assistant_off_at = null
  readonly user_read_seq = 0
  readonly user_read_at = null
  readonly admin_viewed_seq = 0
  readonly admin_viewed_at = null
  #written: Promise<ChatRecord> | undefined

  private constructor(id: string, userId: string) {
    this.id = id
    this.user_id = userId
  }

  static async of({ id }: Visitor): Promise<UnwrittenChat> {
    return new UnwrittenChat(uuid(await sha256(`chat ${id}`)), id)
  }

  /** The stored chat. Messages that follow each other wait for one `write`, and stay in their order */
  written(write: () => Promise<ChatRecord>): Promise<ChatRecord> {
    this.#written ??= write().catch((error: unknown) => {
      this.#written = undefined
      throw error
    })
    return this.#written
  }
}

/** A UUID of version 8 (RFC 9562): its bits are what an application makes them */
function uuid(bytes: Uint8Array): string {
  const digits = hex(bytes.subarray(0, 16))
  const variant = '89ab'[parseInt(digits.charAt(16), 16) & 3]
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
}
