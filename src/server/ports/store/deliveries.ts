import type { MailBlock } from '../../../protocol/types.ts'
import type { MailEvent } from '../mail-events.ts'

export interface DeliveryStore {
  /**
   * Stores what became of a mail. `reference` is the id of its notification. The mail was handed over to this very address, or nothing
   * changes; neither does it when something newer is known. An uncertain mail becomes `sent`. Everything but `delivered` stops mails to the address, unless
   * it was allowed again later than the event.
   * @param at the time of now, which no event is after
   * @returns the chat of the mail; undefined: nothing changed
   */
  recordMailEvent(event: MailEvent, at: string): Promise<string | undefined>
  /** Why no mails go to this very address; null: they do */
  mailBlock(address: string): Promise<MailBlock | null>
  /**
   * Mails go to the address again.
   * @returns false: they did already
   */
  unblockMail(address: string, at: string): Promise<boolean>
}
