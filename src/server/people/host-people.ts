// What the host decides about people: whom to revoke, erase, merge or export.
import { z } from 'zod'
import { departureOf } from '../assignment/departures.ts'
import { sweepAttachments } from '../attachments/sweep.ts'
import type { DeskbellCore } from '../deskbell-core.ts'
import { parse } from '../http/input.ts'
import { utf8Stream } from '../http/utf8-stream.ts'
import type { Blobs } from '../ports/blobs.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import type { Subscriptions } from '../push/subscriptions.ts'
import type { Hub } from '../realtime/streams/hub.ts'
import { erasePerson } from './erase.ts'
import { exportPerson } from './export.ts'
import type { HostUsers } from './host-users.ts'
import { ownPersonId } from './identity.ts'
import { mergePeople } from './merge-people.ts'
import { subjectOf, type Revocations, type Whom } from './revocations.ts'

const peopleToMerge = z.strictObject({ from: ownPersonId, into: ownPersonId })

interface HostPeopleParts {
  store: Store
  clock: Clock
  hub: Pick<Hub, 'merged' | 'hintErased'>
  revocations: Pick<Revocations, 'revoke'>
  /** Null: the host describes nobody */
  hostUsers: Pick<HostUsers, 'refresh'> | null
  /** Null: messages carry no files */
  attachments: { blobs: Blobs } | null
  /** Null: there are no push notifications */
  subscriptions: Pick<Subscriptions, 'revoked'> | null
  onError: (error: unknown) => void
}

export function hostPeople({
  store,
  clock,
  hub,
  revocations,
  hostUsers,
  attachments,
  subscriptions,
  onError,
}: HostPeopleParts): Pick<DeskbellCore, 'revoke' | 'removeStaff' | 'erasePerson' | 'mergePeople' | 'exportPerson'> {
  const revokeSubject = (subject: string) => revocations.revoke(subject)

  async function revoke(whom: Whom): Promise<void> {
    await revokeSubject(subjectOf(whom))
    // What is left of it is found before something is sent there
    await subscriptions?.revoked(whom).catch(onError)
  }

  return {
    revoke,
    async removeStaff(given) {
      const id = parse(ownPersonId, given)
      await revoke({ id, role: 'admin' })
      await revokeSubject(departureOf(id))
    },
    async erasePerson(userId) {
      const erasure = await erasePerson(store, revokeSubject, userId)
      if (erasure?.chat_id) hub.hintErased(erasure.chat_id)
      // What is left is swept later
      if (erasure && attachments) await sweepAttachments({ ...attachments, store, clock }).catch(onError)
      return erasure
    },
    async mergePeople(given) {
      const merge = parse(peopleToMerge, given)
      const merged = await mergePeople({ store, clock, revoke: revokeSubject }, merge)
      if (!merged) return undefined
      const { chat_id, gone_chat_id } = merged
      if (chat_id !== null) hub.merged(chat_id)
      if (gone_chat_id !== null) hub.hintErased(gone_chat_id)
      return merged
    },
    async exportPerson(userId) {
      await hostUsers?.refresh([userId])
      const parts = await exportPerson(store, userId, isoTime(clock.now()))
      return parts && utf8Stream(parts)
    },
  }
}
