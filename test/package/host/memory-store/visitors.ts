import type { VisitorStore } from 'deskbell/core'
import { mergeFacet } from './merge.ts'
import type { Tables } from './tables.ts'

export function visitorFacet(tables: Tables): VisitorStore {
  return {
    ...mergeFacet(tables),

    async idleVisitors({ after, limit, before }) {
      const seen = [...tables.open.people.values()]
        .filter(({ id }) => id.startsWith('visitor:') && id > after)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
      const lastOf = (id: string): string => tables.chatOf.get(id)?.last_message_at ?? ''
      const idle = seen.filter(({ id, last_seen_at }) => last_seen_at < before && lastOf(id) < before)
      return { ids: idle.map(({ id }) => id), last: seen.length < limit ? null : (seen.at(-1)?.id ?? null) }
    },
  }
}
