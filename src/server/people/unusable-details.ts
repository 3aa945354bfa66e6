import type { Clock } from '../ports/clock.ts'
import { personKey, type Identity } from './identity.ts'

/** Milliseconds between two reports about the same thing: a host that signs every token wrongly must not fill the log */
const TELL_EVERY = 3_600_000

/** Who is described wrongly, and how. `problems` are parts of a sentence, without the values */
export interface UnusableDetail {
  person: Pick<Identity, 'role' | 'id'>
  what: 'email' | 'attributes'
  problems?: string[]
}

/** Called when the host described a person by something that cannot be used */
export type OnUnusable = (detail: UnusableDetail) => void

/** Reports each kind of mistake once an hour. Nobody else would notice: the chat works, and only e-mails or attributes are missing. */
export function unusableDetails(clock: Clock, onError: (error: unknown) => void): OnUnusable {
  const tellAt = new Map<UnusableDetail['what'], number>()
  return (detail) => {
    const now = clock.now()
    if (now < (tellAt.get(detail.what) ?? 0)) return
    tellAt.set(detail.what, now + TELL_EVERY)
    onError(new Error(`${sentence(detail)}. Look at \`${detail.what}\` where you say who people are`))
  }
}

function sentence({ person, what, problems = [] }: UnusableDetail): string {
  const who = personKey(person)
  if (what === 'email') return `The e-mail address given for ${who} is none, so no e-mails are sent to this person`
  return `Not all attributes given for ${who} are shown: ${problems.join('; ')}`
}
