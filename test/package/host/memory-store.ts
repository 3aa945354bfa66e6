// A store as somebody else would write it: it keeps everything in memory, and knows Deskbell by its exports alone.
import type { Person, Store, Visit } from 'deskbell/core'
import { activityFacet } from './memory-store/activities.ts'
import { attachmentFacet } from './memory-store/attachments.ts'
import { answerFacet } from './memory-store/answers.ts'
import { allowanceFacet } from './memory-store/allowances.ts'
import { chatFacet } from './memory-store/chats.ts'
import { colleagueFacet } from './memory-store/colleagues.ts'
import { deliveryFacet } from './memory-store/deliveries.ts'
import { messageFacet } from './memory-store/messages.ts'
import { notificationFacet } from './memory-store/notifications.ts'
import { personalDataFacet } from './memory-store/personal-data.ts'
import { numberFacet } from './memory-store/numbers.ts'
import { ratingFacet } from './memory-store/ratings.ts'
import { replyFacet } from './memory-store/replies.ts'
import { Tables } from './memory-store/tables.ts'
import { tagFacet } from './memory-store/tags.ts'
import { visitorFacet } from './memory-store/visitors.ts'
import { told, webhookFacet } from './memory-store/webhooks.ts'

/** @returns the ids of those who are described differently now */
function savePeople(tables: Tables, people: (Person | Visit)[], at: string): string[] {
  const described = new Set<string>()
  for (const { id, page_url, attributes, ...person } of people) {
    const known = tables.open.people.get(id)
    const { email = '', name } = person.email === undefined ? (known ?? person) : person
    const before = known && JSON.stringify([known.email, known.name, known.attributes])
    const now = JSON.stringify([email, name, attributes ?? known?.attributes ?? {}])
    if (before !== now) described.add(id)
    tables.open.people.set(id, {
      id,
      email,
      name,
      page_url: page_url ?? known?.page_url ?? null,
      attributes: attributes ?? known?.attributes ?? {},
      first_seen_at: known?.first_seen_at ?? at,
      last_seen_at: at,
    })
  }
  return [...described]
}

export async function memoryStore(): Promise<Store> {
  const tables = new Tables()
  const [chats, messages] = [chatFacet(tables), messageFacet(tables)]
  return {
    ...chats,
    ...messages,
    ...told(tables, chats, messages),
    ...activityFacet(tables),
    ...colleagueFacet(tables),
    ...notificationFacet(tables),
    ...deliveryFacet(tables),
    ...attachmentFacet(tables),
    ...allowanceFacet(tables),
    ...webhookFacet(tables),
    ...personalDataFacet(tables),
    ...visitorFacet(tables),
    ...replyFacet(tables),
    ...tagFacet(tables),
    ...numberFacet(tables),
    ...ratingFacet(tables),
    ...answerFacet(tables),

    savePeople: async (people, at) => void savePeople(tables, people, at),
    updatePeople: async (people, at) => {
      const known = people.filter(({ id }) => tables.open.people.has(id))
      return savePeople(tables, known, at)
    },
    describePeople: async (people, at) =>
      people.flatMap(({ id, email, name, attributes }) => {
        const known = tables.open.people.get(id)
        if (!known) return []
        const { last_seen_at, page_url } = known
        const changed = savePeople(tables, [{ id, email, name, attributes }], at)
        tables.people.set(id, { ...(tables.people.get(id) ?? known), last_seen_at, page_url })
        return changed
      }),
    findPerson: async (id) => tables.open.people.get(id),
    findPeople: async (ids) => [...new Set(ids)].flatMap((id) => tables.open.people.get(id) ?? []),
    async searchPeople(start, limit) {
      const found = [...tables.open.people.values()].flatMap((person) => {
        const words = (person.name ?? '').toLowerCase().split(' ')
        const [whole, ...later] = words.map((_, i) => words.slice(i).join(' ')).slice(0, 4)
        const texts = [whole ?? '', person.email.toLowerCase(), ...later]
        const place = texts.findIndex((text) => text.startsWith(start.toLowerCase()))
        return place === -1 ? [] : { person, key: `${place} ${texts[place]} ${person.id}` }
      })
      return found
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit)
        .map(({ person: { id, email, name, last_seen_at } }) => {
          return { id, email, name, last_seen_at, chat_id: tables.chatOf.get(id)?.id ?? null }
        })
    },
    unsubscribe: async (id, at) => void tables.open.unsubscribed.set(id, at),
    resubscribe: async (id) => void tables.open.unsubscribed.delete(id),
    unsubscribedAt: async (id) => (tables.open.people.has(id) ? (tables.unsubscribed.get(id) ?? null) : undefined),

    async revoke({ subject, revoked_at }) {
      const known = tables.open.revocations.get(subject) ?? ''
      tables.open.revocations.set(subject, revoked_at > known ? revoked_at : known)
    },
    revocationsSince: async (at) =>
      [...tables.open.revocations]
        .map(([subject, revoked_at]) => ({ subject, revoked_at }))
        .filter(({ revoked_at }) => revoked_at >= at)
        .toSorted((a, b) => (a.revoked_at < b.revoked_at ? -1 : 1)),
    async forgetRevocations(before) {
      for (const [subject, revoked_at] of tables.open.revocations)
        if (revoked_at < before) tables.open.revocations.delete(subject)
    },

    saveMail: async (mail) => void tables.open.mails.unshift(mail),
    listMails: async (limit) => tables.open.mails.slice(0, limit),

    epoch: tables.epoch,
    ping: async () => ({ epoch: tables.open.epoch, time: new Date().toISOString() }),
    migrate: async () => void tables.open,
    close: async () => tables.close(),
  }
}
