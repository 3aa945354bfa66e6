// Links that let a person do one thing, once, for a while. The store has only digests of their tokens.
import { isoTime, type Clock } from '../../server/ports/clock.ts'
import type { AccountStore, StaffLink, StaffLinkKind } from '../../server/ports/store/accounts.ts'
import { digest, newToken } from './secrets.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** How long each is good for (ms) */
const LINK_FOR: Record<StaffLinkKind, number> = {
  first_owner: DAY,
  invitation: 7 * DAY,
  reset: 60 * MINUTE,
  second_factor: 10 * MINUTE,
  sign_in: 10 * MINUTE,
}

export class OneTimeLinks {
  readonly #store: AccountStore
  readonly #clock: Clock

  constructor(store: AccountStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** @returns the token */
  async add(link: Pick<StaffLink, 'kind'> & Partial<Pick<StaffLink, 'staff_id' | 'email' | 'role'>>): Promise<string> {
    const token = newToken()
    const now = this.#clock.now()
    await this.#store.addStaffLink({
      staff_id: null,
      email: null,
      role: null,
      ...link,
      id: digest(token),
      created_at: isoTime(now),
      expires_at: isoTime(now + LINK_FOR[link.kind]),
    })
    return token
  }

  isGood(link: StaffLink | undefined, kinds: StaffLinkKind[]): link is StaffLink {
    return link !== undefined && kinds.includes(link.kind) && Date.parse(link.expires_at) > this.#clock.now()
  }

  /** What a token is good for, without using it up; undefined when it is not, or no longer */
  async open(token: string, kinds: StaffLinkKind[]): Promise<StaffLink | undefined> {
    const link = await this.#store.findStaffLink(digest(token))
    return this.isGood(link, kinds) ? link : undefined
  }

  /** The same, and uses it up: of several calls, one gets it */
  async take(token: string, kinds: StaffLinkKind[]): Promise<StaffLink | undefined> {
    if (!(await this.open(token, kinds))) return undefined
    const link = await this.#store.takeStaffLink(digest(token))
    return this.isGood(link, kinds) ? link : undefined
  }
}
