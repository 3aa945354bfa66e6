import type { VisitorStore } from 'deskbell/core'
import { mergeFacet } from './merge.ts'
import type { Tables } from './tables.ts'

export function visitorFacet(tables: Tables): VisitorStore {
  return {
    ...mergeFacet(tables),

    unsubscribeTyped: async (address, at) =>
      void tables.open.typed.set(address, { ...tables.typed.get(address), unsubscribed_at: at }),
    resubscribeTyped: async (address) =>
      void tables.open.typed.set(address, { ...tables.typed.get(address), unsubscribed_at: undefined }),
    typedUnsubscribedAt: async (address) => tables.open.typed.get(address)?.unsubscribed_at ?? null,
    async forgetTyped(before) {
      for (const [address, { mailed_at, unsubscribed_at }] of tables.open.typed)
        if (unsubscribed_at === undefined && (mailed_at ?? '') < before) tables.typed.delete(address)
    },

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
