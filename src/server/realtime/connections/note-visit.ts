import { pageUrl } from '../../http/input.ts'
import { personOf, sideOf, type Identity } from '../../people/identity.ts'
import { isVisitorIdentity } from '../../people/visitors.ts'
import type { Visits } from '../../people/visits.ts'

/** A user's name, e-mail address, attributes and page may have changed since their last visit. @param page as the client gave it */
export function noteVisit(visits: Visits, identity: Identity, page: string | null): void {
  // A visitor's token says nothing about them
  if (sideOf(identity) === 'user' && !isVisitorIdentity(identity)) visits.note(personOf(identity, pageUrl(page)))
}
