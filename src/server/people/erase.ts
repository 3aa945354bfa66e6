import type { ErasedOnly, Erasure, PersonalDataStore } from '../ports/store/personal-data.ts'
import type { PeopleStore } from '../ports/store/people.ts'
import { personKey } from './identity.ts'
import { erasedChat } from './revocations.ts'

/**
 * Erases a user and all that is stored about them. Their credentials are revoked first, or a page that is still open would make
 * them a new chat at once. The erased chat is announced last, to those who have it on the screen.
 * @param revoke stores a revocation, by its subject
 * @param only as in the store
 * @returns undefined: no such user, or `only` was not fulfilled
 * @throws StoreUnavailable: some of it may be erased; call it again
 */
export async function erasePerson(
  store: Pick<PersonalDataStore & PeopleStore, 'findPerson' | 'erasePerson'>,
  revoke: (subject: string) => Promise<void>,
  userId: string,
  only?: ErasedOnly,
): Promise<Erasure | undefined> {
  // Nothing is stored about an id that nobody has, such as a mistyped one
  if (!(await store.findPerson(userId))) return undefined
  await revoke(personKey({ role: 'user', id: userId }))
  const erasure = await store.erasePerson(userId, only)
  if (erasure?.chat_id) await revoke(erasedChat(erasure.chat_id))
  return erasure
}
