// What mail services told of the addresses of staff.
import { plainAddress } from '../../protocol/email-address.ts'
import type { MailBlock } from '../../protocol/types.ts'
import { addressReferences } from '../../server/notifications/address-reference.ts'
import { isoTime, type Clock } from '../../server/ports/clock.ts'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'

export class StaffAddresses {
  readonly #store: Pick<DeliveryStore, 'mailBlock' | 'unblockMail'>
  readonly #clock: Clock
  /** What names a mail to the address to a mail service */
  readonly referenceOf: (address: string) => Promise<string>

  constructor({
    store,
    secret,
    clock,
  }: {
    store: Pick<DeliveryStore, 'mailBlock' | 'unblockMail'>
    secret: readonly [string, ...string[]]
    clock: Clock
  }) {
    this.#store = store
    this.#clock = clock
    this.referenceOf = addressReferences(secret).of
  }

  /** Why no mails go there; null: they do */
  blockOf(address: string): Promise<MailBlock | null> {
    return this.#store.mailBlock(plainAddress(address))
  }

  /** @returns false: mails went there already */
  unblock(address: string): Promise<boolean> {
    return this.#store.unblockMail(plainAddress(address), isoTime(this.#clock.now()))
  }
}
