import { NAMES_READ, type NamedChat, type NameLookup } from '../rules/chats-by-name.ts'
import { LAST_CHARACTER } from '../rules/people-search.ts'
import type { MongoDatabase } from './database.ts'

/** `name_keys`, by the word that they begin with */
const FIELDS = ['first', 'second', 'third', 'fourth'] as const

export function namedChats(db: MongoDatabase): NameLookup['startingWith'] {
  const chats = db.collection('chats')
  const users = db.collection('users')
  return async (text, word, archived) => {
    const field = `name_keys.${FIELDS[word - 1]}`
    const start = text.toLowerCase()
    const people = await users
      .find({ [field]: { $gte: start, $lt: start + LAST_CHARACTER } })
      .sort({ [field]: 1, _id: 1 })
      .limit(NAMES_READ)
      .project<{ _id: string; name: string | null }>({ name: 1 })
      .toArray()
    if (people.length === 0) return { chats: [], names: 0 }
    const nameOf = new Map(people.map(({ _id, name }) => [_id, name]))
    const heads = await chats
      .find({ user_id: { $in: [...nameOf.keys()] }, is_archived: archived, last_message_at: { $ne: null } })
      .project<{ _id: string; user_id: string; last_message_at: string }>({ user_id: 1, last_message_at: 1 })
      .toArray()
    const named = heads.map(({ _id, user_id, last_message_at }): NamedChat => {
      return { id: _id, last_message_at, user_name: nameOf.get(user_id) ?? null }
    })
    return { chats: named, names: people.length }
  }
}
