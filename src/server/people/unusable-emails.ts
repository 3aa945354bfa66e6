import type { Clock } from '../ports/clock.ts'
import { personKey, type Identity } from './identity.ts'

/** Milliseconds between two reports: a host that signs every token wrongly must not fill the log */
const TELL_EVERY = 3_600_000

/** Called with a person for whom the host gave an e-mail address that is none */
export type UnusableEmail = (person: Pick<Identity, 'role' | 'id'>) => void

/** Reports the mistake once an hour. Nobody else would notice: the chat works, and only the e-mails are missing. */
export function unusableEmails(clock: Clock, onError: (error: unknown) => void): UnusableEmail {
  let tellAt = 0
  return (person) => {
    const now = clock.now()
    if (now < tellAt) return
    tellAt = now + TELL_EVERY
    onError(
      new Error(
        `The e-mail address given for ${personKey(person)} is none, so no e-mails are sent to this person. ` +
          'Look at `email` in your tokens, or in what `authenticate` returns',
      ),
    )
  }
}
