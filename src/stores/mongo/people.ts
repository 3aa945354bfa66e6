import { NAME_LOOKED_AT } from '../../protocol/name-search.ts'
import type { SupportUser } from '../../protocol/types.ts'
import type { PeopleStore, Person, Visit } from '../../server/ports/store/people.ts'
import { attributesText, withAttributes } from '../attributes-text.ts'
import { inOrderOfMatch, LAST_CHARACTER, type Match } from '../rules/people-search.ts'
import type { MongoDatabase } from './database.ts'
import type { UserDoc } from './documents.ts'

export const personOf = (user: UserDoc): SupportUser => {
  const { _id: id, email, name, created_at: first_seen_at, last_seen_at, page_url, attributes } = user
  return withAttributes({ id, email, name, first_seen_at, last_seen_at, page_url, attributes })
}

function nameKeys(name: string | null): UserDoc['name_keys'] {
  const [first = null, second = null, third = null, fourth = null] = name === null ? [] : wordsOf(name)
  return { first, second, third, fourth }
}

/** The name from each of its words on */
function wordsOf(name: string): string[] {
  const text = Array.from(name).slice(0, NAME_LOOKED_AT).join('').toLowerCase()
  const starts = [...text.matchAll(/ /g)].map(({ index }) => index + 1)
  return [0, ...starts].map((start) => text.slice(start))
}

type Named = Pick<UserDoc, 'email' | 'name'>
const named = ({ email, name }: Named) => ({ email, email_lower: email.toLowerCase(), name, name_keys: nameKeys(name) })
const minuteOf = (time: string): string => time.slice(0, 16)

export function people(db: MongoDatabase): PeopleStore {
  const users = db.collection('users')

  /** @returns whether the address, the name or the attributes changed; undefined: nobody is known by this id */
  const visit = (person: Person | Visit, at: string, creates: boolean): Promise<boolean | undefined> =>
    db.change('users', person.id, (known) => {
      const { id: _id, email, name, page_url = null } = person
      const attributes = attributesText(person.attributes)
      if (!known) {
        if (!creates) return { result: undefined }
        const more = { page_url, attributes, last_seen_at: at, unsubscribed_at: null, created_at: at }
        return { doc: { _id, ...named({ email: email ?? '', name }), ...more }, result: true }
      }
      const called: Named = email === undefined ? known : { email, name }
      const now = { ...known, ...named(called), page_url: page_url ?? known.page_url }
      now.attributes = attributes ?? known.attributes
      const isNews = now.email !== known.email || now.name !== known.name || now.attributes !== known.attributes
      // last_seen_at moves once a minute, so that a busy person does not cost a write per request
      const isSeen = now.page_url !== known.page_url || minuteOf(known.last_seen_at) < minuteOf(at)
      return { doc: isNews || isSeen ? { ...now, last_seen_at: at } : undefined, result: isNews }
    })

  const describe = (person: Person): Promise<boolean> =>
    db.change('users', person.id, (known) => {
      if (!known) return { result: false }
      const now = { ...known, ...named(person), attributes: attributesText(person.attributes) ?? known.attributes }
      const isNews = now.email !== known.email || now.name !== known.name || now.attributes !== known.attributes
      return { doc: isNews ? now : undefined, result: isNews }
    })

  const FIELDS = ['name_keys.first', 'email_lower', 'name_keys.second', 'name_keys.third', 'name_keys.fourth'] as const
  const keyOf = ({ name_keys: keys, email_lower }: UserDoc, place: number): string =>
    [keys.first, email_lower, keys.second, keys.third, keys.fourth][place] ?? ''

  return {
    async savePeople(all, at) {
      for (const person of all) await visit(person, at, true)
    },
    async updatePeople(visits, at) {
      const changed = new Set<string>()
      for (const one of visits) if (await visit(one, at, false)) changed.add(one.id)
      return [...changed]
    },
    async describePeople(all) {
      const changed = new Set<string>()
      for (const person of all) if (await describe(person)) changed.add(person.id)
      return [...changed]
    },
    async findPerson(id) {
      const user = await users.findOne({ _id: id })
      return user ? personOf(user) : undefined
    },
    findPeople: async (ids) => (await users.find({ _id: { $in: [...new Set(ids)] } }).toArray()).map(personOf),
    async searchPeople(text, limit) {
      const start = text.toLowerCase()
      const found: { user: UserDoc; place: number }[] = []
      for (const [place, field] of FIELDS.entries()) {
        const range = { [field]: { $gte: start, $lt: start + LAST_CHARACTER } }
        const page = users
          .find(range)
          .sort({ [field]: 1, _id: 1 })
          .limit(limit)
        for (const user of await page.toArray()) found.push({ user, place })
      }
      const chats = await db
        .collection('chats')
        .find({ user_id: { $in: found.map(({ user }) => user._id) } })
        .project<{ _id: string; user_id: string }>({ user_id: 1 })
        .toArray()
      const chatOf = new Map(chats.map(({ _id, user_id }) => [user_id, _id]))
      const matches = found.map(({ user, place }): Match => {
        const { _id: id, email, name, last_seen_at } = user
        return { id, email, name, last_seen_at, chat_id: chatOf.get(id) ?? null, place, called: keyOf(user, place) }
      })
      return inOrderOfMatch(matches, limit)
    },
    async unsubscribe(id, at) {
      await users.updateOne({ _id: id }, { $set: { unsubscribed_at: at }, $inc: { version: 1 } })
    },
    async resubscribe(id) {
      await users.updateOne({ _id: id }, { $set: { unsubscribed_at: null }, $inc: { version: 1 } })
    },
    unsubscribedAt: async (id) => (await users.findOne({ _id: id }))?.unsubscribed_at,
  }
}
