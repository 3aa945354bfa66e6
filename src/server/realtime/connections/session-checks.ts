import { DeskbellError } from '../../../protocol/errors.ts'
import type { HostPerson } from '../../people/host-person.ts'
import { isSamePerson, sideOf, personOf, type Identity } from '../../people/identity.ts'
import type { Visits } from '../../people/visits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Tended } from './connections.ts'
import type { HostSession } from './host-session.ts'

/** A slow host is not asked about more connections than these at the same time. The others wait, and are due again at their next beat */
export const CHECKS_AT_ONCE = 200

export interface SessionChecksOptions {
  hostPerson: HostPerson
  visits: Pick<Visits, 'note'>
  clock: Clock
  onError: (error: unknown) => void
}

/**
 * Asks the host, while a connection is open, whether the session that it was opened with goes on. Where it does not, the connection is
 * closed with the request to come back: the page may have better credentials by now, and if not, it is refused.
 */
export class SessionChecks {
  readonly #options: SessionChecksOptions
  #isFailing = false
  #underWay = 0

  constructor(options: SessionChecksOptions) {
    this.#options = options
  }

  /** Never rejects */
  async check(connection: Pick<Tended, 'disconnect'>, session: HostSession): Promise<void> {
    const { clock } = this.#options
    if (this.#underWay < CHECKS_AT_ONCE) {
      this.#underWay++
      session.asking(clock.now())
      await this.#ask(connection, session).finally(() => this.#underWay--)
    } else if (!session.unanswered(clock.now())) connection.disconnect('remote', true)
  }

  async #ask(connection: Pick<Tended, 'disconnect'>, session: HostSession): Promise<void> {
    const { hostPerson, clock, onError } = this.#options
    let now: Identity | null
    try {
      now = await hostPerson(session.request)
    } catch (error) {
      if (error instanceof DeskbellError && error.status === 401) return connection.disconnect('remote', true)
      // Report an outage once, not for every connection
      if (!this.#isFailing) onError(error)
      this.#isFailing = true
      if (!session.unanswered(clock.now())) connection.disconnect('remote', true)
      return
    }
    this.#isFailing = false
    if (!now || !isSamePerson(now, session.identity)) return connection.disconnect('remote', true)
    session.confirmed(now, clock.now())
    this.#describe(session.identity, now)
  }

  /** Staff see at once that somebody has changed their plan. An unchanged person costs no write */
  #describe(before: Identity, now: Identity): void {
    const details = ({ email, name, attributes }: Identity): string => JSON.stringify([email, name, attributes])
    if (sideOf(now) === 'user' && details(before) !== details(now)) this.#options.visits.note(personOf(now, undefined))
  }
}
