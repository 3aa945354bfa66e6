import { VISITOR_ID_PREFIX } from '../../protocol/visitor.ts'
import type { IdleVisitors, VisitorsQuery } from '../../server/ports/store/visitors.ts'

/** Ids of visitors lie between these, in the order of their characters */
export const VISITORS_FROM = VISITOR_ID_PREFIX
export const VISITORS_TO = VISITOR_ID_PREFIX.replace(':', ';')

export interface SeenVisitor {
  id: string
  last_seen_at: string
  last_message_at: string | null
}

/** @param seen the visitors that were looked at, in order of id: `limit`, or all that there are */
export const idleOf = (seen: SeenVisitor[], { limit, before }: VisitorsQuery): IdleVisitors => ({
  ids: seen
    .filter(({ last_seen_at, last_message_at }) => last_seen_at < before && (last_message_at ?? '') < before)
    .map(({ id }) => id),
  last: seen.length < limit ? null : (seen.at(-1)?.id ?? null),
})
