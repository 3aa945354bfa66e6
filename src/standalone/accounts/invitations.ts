// The invitations that nobody has used yet.
import type { StaffRole } from '../../protocol/account.ts'
import { isEmailAddress } from '../../protocol/email-address.ts'
import type { AccountStore, StaffLink } from '../../server/ports/store/accounts.ts'
import { AccountRefused, type Actor, type RecordAction } from './member.ts'
import type { OneTimeLinks } from './one-time-links.ts'

export class Invitations {
  readonly #store: AccountStore
  readonly #links: OneTimeLinks
  readonly #record: RecordAction

  constructor(store: AccountStore, links: OneTimeLinks, record: RecordAction) {
    this.#store = store
    this.#links = links
    this.#record = record
  }

  async list(): Promise<StaffLink[]> {
    return (await this.#store.listStaffLinks('invitation')).filter((link) => this.#links.isGood(link, ['invitation']))
  }

  /** @param email null: whoever has the link says it. @throws AccountRefused `invalid_address`, `address_taken` */
  async add({ email, role }: { email: string | null; role: StaffRole }, actor: Actor): Promise<string> {
    if (email !== null) {
      if (!isEmailAddress(email)) throw new AccountRefused('invalid_address')
      if (await this.#store.findStaffByEmail(email)) throw new AccountRefused('address_taken')
      // A second invitation takes the place of the first
      for (const link of await this.list())
        if (link.email?.toLowerCase() === email.toLowerCase()) await this.#store.takeStaffLink(link.id)
    }
    const token = await this.#links.add({ kind: 'invitation', email, role })
    await this.#record('invited', actor, email)
    return token
  }

  /** @returns whether there was one */
  async withdraw(id: string, actor: Actor): Promise<boolean> {
    const link = (await this.list()).find((one) => one.id === id)
    if (!link || !(await this.#store.takeStaffLink(id))) return false
    await this.#record('invitation_withdrawn', actor, link.email)
    return true
  }
}
