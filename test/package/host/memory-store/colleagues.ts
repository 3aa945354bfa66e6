import type { ColleagueStore } from 'deskbell/core'
import type { Tables } from './tables.ts'

export const colleagueFacet = (tables: Tables): ColleagueStore => ({
  async saveColleagues(seen, at) {
    for (const { id, name, returned = false } of seen) {
      const known = tables.open.colleagues.get(id)
      const length = returned ? at.length : 16
      const isNews = known?.name !== name || known.last_seen_at.slice(0, length) < at.slice(0, length)
      if (isNews) tables.open.colleagues.set(id, { id, name, last_seen_at: at })
    }
  },
  findColleague: async (id) => tables.open.colleagues.get(id),
  colleagues: async (limit) =>
    [...tables.open.colleagues.values()].toSorted((a, b) => (a.last_seen_at < b.last_seen_at ? 1 : -1)).slice(0, limit),
})
