import { sql } from 'kysely'
import type { ColleagueStore, SeenColleague } from '../../server/ports/store/colleagues.ts'
import type { SqlDatabase } from './database.ts'

const COLUMNS = ['id', 'name', 'last_seen_at'] as const
const KINDS = { id: 'person', name: 'text', at: 'time' } as const

/** As with people, the time moves once a minute */
const minute = (time: string): string => time.slice(0, 16)

export function colleagues({ db, engine, insist }: SqlDatabase): ColleagueStore {
  const all = db.selectFrom('support_colleagues').select(COLUMNS)
  return {
    async saveColleagues(seen, at) {
      const byId = new Map(seen.map(({ id, name }) => [id, { id, name, at: engine.time(at) }]))
      const returned = new Set(seen.filter((one) => one.returned).map(({ id }) => id))
      if (byId.size === 0) return
      await insist(async () => {
        const ids = engine.rows<{ id: string }>('k', { id: 'person' }, [...byId.values()])
        const known = await sql<SeenColleague>`select c.id, c.name, c.last_seen_at from ${ids}
          join ${sql.table('support_colleagues')} as c on c.id = k.id`.execute(db)
        const same = known.rows.filter(
          ({ id, name, last_seen_at }) =>
            byId.get(id)?.name === name && (returned.has(id) ? last_seen_at >= at : minute(last_seen_at) >= minute(at)),
        )
        const unwritten = new Map(byId)
        for (const { id } of same) unwritten.delete(id)
        if (unwritten.size === 0) return
        // Always in the same order, so that two nodes that save the same people do not wait for each other
        const rows = [...unwritten.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
        const change = engine.onConflictUpdate(
          ['id'],
          (inserted) => sql`name = ${inserted('name')}, last_seen_at = ${inserted('last_seen_at')}`,
        )
        await sql`insert into ${sql.table('support_colleagues')} (id, name, last_seen_at)
          select s.id, s.name, s.at from ${engine.rows<(typeof rows)[number]>('s', KINDS, rows)} ${change}`.execute(db)
      })
    },
    findColleague: (id) => all.where('id', '=', id).executeTakeFirst(),
    colleagues: (limit) => all.orderBy('last_seen_at', 'desc').limit(limit).execute(),
  }
}
