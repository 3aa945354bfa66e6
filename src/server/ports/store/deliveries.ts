import type { SupportActivity } from '../../../protocol/activity.ts'
import type { MailBlock } from '../../../protocol/types.ts'
import type { MailEvent } from '../mail-events.ts'

export interface RecordedMailEvent {
  /** Of the mail */
  chat_id: string
  /** What staff are told of it; null: nothing */
  activity: SupportActivity | null
}

export interface DeliveryStore {
  /**
   * Stores what became of a mail. `reference` is the id of its notification. The mail was handed over to this very address, or nothing
   * changes; neither does it when something newer is known. An uncertain mail becomes `sent`. Everything but `delivered` stops mails to the address, unless
   * it was allowed again later than the event, and is an activity of the chat, as is that an uncertain mail was sent.
   * @param at the time of now, which no event is after
   * @returns undefined: nothing changed
   */
  recordMailEvent(event: MailEvent, at: string): Promise<RecordedMailEvent | undefined>
  /**
   * Stops mails to this very address, unless something newer is known, or it was allowed again later than the block.
   * @param at the time of now, which no block is after
   * @returns whether that changed anything
   */
  blockMail(address: string, block: MailBlock, at: string): Promise<boolean>
  /** Why no mails go to this very address; null: they do */
  mailBlock(address: string): Promise<MailBlock | null>
  /**
   * Mails go to the address again.
   * @returns false: they did already
   */
  unblockMail(address: string, at: string): Promise<boolean>
}
