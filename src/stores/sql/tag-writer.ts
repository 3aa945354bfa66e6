import { sql, type Transaction } from 'kysely'
import { tagsText } from '../rules/tags.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'
import { writeOf, type Write } from './write.ts'

interface TagsOfChat {
  id: string
  tags: string[]
  at: string
}

/** Gives a chat its tags, in the transaction of what it belongs to, which holds its lock */
export async function writeTags(trx: Transaction<Tables>, engine: Engine, { id, tags, at }: TagsOfChat): Promise<void> {
  const chat = trx.updateTable('support_chats').set({ tags: tagsText(tags), updated_at: engine.time(at) })
  await chat.where('id', '=', id).execute()
  await trx.deleteFrom('support_tags').where('chat_id', '=', id).execute()
  if (tags.length === 0) return
  const given = engine.rows(
    't',
    { tag: 'person' },
    tags.map((tag) => ({ tag })),
  )
  await sql`insert into ${sql.table('support_tags')} (chat_id, tag, is_archived, last_message_at)
    select c.id, t.tag, case when c.archived_at is null then 0 else 1 end, c.last_message_at
    from ${sql.table('support_chats')} as c cross join ${given} where c.id = ${id}`.execute(trx)
}

/** Moves the tags of a chat into the archive, or out of it, with the chat */
export async function tagsInArchive(trx: Transaction<Tables>, id: string, archived: boolean): Promise<void> {
  const moved = trx.updateTable('support_tags').set({ is_archived: archived ? 1 : 0 })
  await moved.where('chat_id', '=', id).execute()
}

interface PlaceInList {
  id: string
  last_message_at: string | null
  archived_at: string | null
}

/** Moves the tags of chats to where the chats stand in the list. Locks the chats, so that none moves meanwhile */
export async function bringTagsBack(trx: Transaction<Tables>, engine: Engine, ids: string[]): Promise<void> {
  const columns: (keyof PlaceInList)[] = ['id', 'last_message_at', 'archived_at']
  const places = await engine.lockChats<PlaceInList>(trx, columns, ids.toSorted())
  if (places.length > 0) await engine.run(trx, moveTags(engine, places))
}

/** Moves the tags of chats to their places in the list, which have changed */
export function moveTags(engine: Engine, places: PlaceInList[]): Write {
  const rows = places.map(({ id, last_message_at, archived_at }) => ({
    id,
    is_archived: archived_at === null ? 0 : 1,
    last_message_at: last_message_at === null ? null : engine.time(last_message_at),
  }))
  const kinds = { id: 'uuid', is_archived: 'integer', last_message_at: 'time' } as const
  const column = (name: string) => sql`${engine.target(name)} = ${sql.ref(`p.${name}`)}`
  const statement: Write['statement'] = (from) => {
    const set = sql.join([column('is_archived'), column('last_message_at')])
    return engine.updateFrom(sql`${sql.table('support_tags')} as c`, from, sql`c.chat_id = p.id`, set)
  }
  return writeOf<(typeof rows)[number]>({ key: 'tags', name: 'p', kinds, rows, statement })
}
