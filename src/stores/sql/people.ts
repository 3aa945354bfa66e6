import { sql, type RawBuilder } from 'kysely'
import { NAME_WORDS } from '../../protocol/name-search.ts'
import type { SupportUser } from '../../protocol/types.ts'
import type { PeopleStore, Person, Visit } from '../../server/ports/store/people.ts'
import { attributesText, withAttributes } from '../attributes-text.ts'
import { caseForms, inOrderOfMatch, LAST_CHARACTER, type Match } from '../rules/people-search.ts'
import type { SqlDatabase } from './database.ts'

interface Row extends Pick<Person, 'id' | 'name'> {
  /** Null leaves the stored address and name */
  email: string | null
  page_url: string | null
  attributes: string | null
  at: string
}

/** People of whom something changed */
interface Changed {
  /** To be written */
  rows: Row[]
  /** Those whose e-mail address, name or attributes changed */
  described: string[]
}

const USER = ['id', 'email', 'name', 'created_at as first_seen_at', 'last_seen_at', 'page_url', 'attributes'] as const
type StoredUser = Omit<SupportUser, 'attributes'> & { attributes: string | null }

const KINDS = { id: 'person', email: 'text', name: 'text', page_url: 'text', attributes: 'text', at: 'time' } as const

/** last_seen_at moves once a minute, so that a busy person does not cost a write per request */
const minute = (time: string): string => time.slice(0, 16)

export function people({ db, engine, insist }: SqlDatabase): PeopleStore {
  async function changed(people: readonly (Person | Visit)[], at: string): Promise<Changed> {
    // One person twice: the last entry wins, and keeps what it leaves out of an earlier one
    const rows = new Map<string, Row>()
    for (const { id, email, name, ...person } of people) {
      const earlier = rows.get(id)
      const page_url = person.page_url ?? earlier?.page_url ?? null
      const attributes = attributesText(person.attributes) ?? earlier?.attributes ?? null
      rows.set(id, { id, email: email ?? null, name, page_url, attributes, at: engine.time(at) })
    }
    const ids = engine.rows<{ id: string }>('k', { id: 'person' }, [...rows.values()])
    const known = await sql<Omit<Row, 'at'> & { last_seen_at: string }>`
      select u.id, u.email, u.name, u.page_url, u.attributes, u.last_seen_at from ${ids}
      join ${sql.table('support_users')} as u on u.id = k.id`.execute(db)
    const described: string[] = []
    for (const old of known.rows) {
      const row = rows.get(old.id)
      if (!row) continue
      const isDescribed =
        (row.email !== null && (row.email !== old.email || row.name !== old.name)) ||
        (row.attributes !== null && row.attributes !== old.attributes)
      if (isDescribed) described.push(old.id)
      const isSame =
        !isDescribed &&
        (row.page_url === null || row.page_url === old.page_url) &&
        minute(old.last_seen_at) >= minute(at)
      if (isSame) rows.delete(old.id)
    }
    // Always in the same order, so that two nodes that save the same people do not wait for each other
    return { rows: [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), described }
  }

  const setUnsubscribed = async (id: string, unsubscribed_at: string | null, at: string): Promise<void> => {
    const change = { unsubscribed_at, updated_at: engine.time(at) }
    await insist(() => db.updateTable('support_users').set(change).where('id', '=', id).execute())
  }

  /**
   * Runs the statement with those of whom something changed, as the table `p`.
   * @returns the ids of those whose e-mail address, name or attributes changed
   */
  async function write(
    people: readonly (Person | Visit)[],
    at: string,
    statement: (given: RawBuilder<Row>) => RawBuilder<unknown>,
    isWritten: (row: Row, described: string[]) => boolean = () => true,
  ): Promise<string[]> {
    if (people.length === 0) return []
    return insist(async () => {
      const { rows: all, described } = await changed(people, at)
      const rows = all.filter((row) => isWritten(row, described))
      if (rows.length > 0) await statement(engine.rows<Row>('p', KINDS, rows)).execute(db)
      return described
    })
  }

  // In MySQL a column's name alone would be that of both tables
  const target = (name: string) => sql`${engine.target(name)} =`
  // The name first: MySQL takes later ones from the row as it is by then
  const described = sql`${target('name')} case when p.email is null then c.name else p.name end,
    ${target('email')} coalesce(p.email, c.email),
    ${target('attributes')} coalesce(p.attributes, c.attributes), ${target('updated_at')} p.at`
  const updateFrom = (given: RawBuilder<Row>, set: RawBuilder<unknown>) =>
    engine.updateFrom(sql`${sql.table('support_users')} as c`, given, sql`c.id = p.id`, set)

  return {
    async savePeople(people, at) {
      await write(people, at, (given) => {
        const change = engine.onConflictUpdate(
          ['id'],
          (inserted) => sql`email = ${inserted('email')}, name = ${inserted('name')},
            page_url = coalesce(${inserted('page_url')}, ${sql.ref('support_users.page_url')}),
            attributes = coalesce(${inserted('attributes')}, ${sql.ref('support_users.attributes')}),
            last_seen_at = ${inserted('last_seen_at')}, updated_at = ${inserted('updated_at')}`,
        )
        return sql`insert into ${sql.table('support_users')}
          (id, email, name, page_url, attributes, last_seen_at, created_at, updated_at)
          select p.id, p.email, p.name, p.page_url, p.attributes, p.at, p.at, p.at from ${given} ${change}`
      })
    },

    updatePeople: (people, at) =>
      write(people, at, (given) => {
        const visit = sql`${target('page_url')} coalesce(p.page_url, c.page_url), ${target('last_seen_at')} p.at`
        return updateFrom(given, sql`${described}, ${visit}`)
      }),

    describePeople: (people, at) =>
      write(
        people,
        at,
        (given) => updateFrom(given, described),
        ({ id }, changed) => changed.includes(id),
      ),

    async findPerson(id) {
      const row = await db.selectFrom('support_users').select(USER).where('id', '=', id).executeTakeFirst()
      return row && withAttributes(row)
    },
    async findPeople(ids) {
      if (ids.length === 0) return []
      const wanted = [...new Set(ids)].map((id) => ({ id }))
      const { rows } = await sql<StoredUser>`
        select u.id, u.email, u.name, u.created_at as first_seen_at, u.last_seen_at, u.page_url, u.attributes
        from ${engine.rows<{ id: string }>('k', { id: 'person' }, wanted)}
        join ${sql.table('support_users')} as u on u.id = k.id`.execute(db)
      return rows.map(withAttributes)
    },

    async searchPeople(start, limit) {
      const [byName, ...byWord] = Array.from({ length: NAME_WORDS }, (_, i) => ({
        key: engine.nameFrom(i + 1),
        users: engine.usersByName(i + 1),
      }))
      const byEmail = { key: engine.lowerEmail, users: engine.usersInOrder }
      const searches = [byName, byEmail, ...byWord].filter((one) => one !== undefined)
      const scans = searches.flatMap(({ key, users }, place) =>
        caseForms(start).map(
          (form) => sql`(select u.id, u.email, u.name, u.last_seen_at, ${sql.lit(place)} as place, ${key} as called,
            (select c.id from ${sql.table('support_chats')} as c where c.user_id = u.id) as chat_id
            from ${sql.table('support_users')} as ${users}
            where ${key} >= ${engine.lower(form)} and ${key} < ${engine.lower(form + LAST_CHARACTER)}
            order by ${key}, u.id limit ${sql.lit(limit)})`,
        ),
      )
      const all = sql.join(scans, sql` union all `)
      const { rows } = await sql<Match>`select ${engine.planAnew} m.* from (${all}) as m`.execute(db)
      return inOrderOfMatch(rows, limit)
    },

    unsubscribe: (id, at) => setUnsubscribed(id, engine.time(at), at),
    resubscribe: (id, at) => setUnsubscribed(id, null, at),
    async unsubscribedAt(id) {
      const row = await db.selectFrom('support_users').select('unsubscribed_at').where('id', '=', id).executeTakeFirst()
      return row?.unsubscribed_at
    },
  }
}
