// What was counted, as staff see it: by day, by colleague and by tag.
import {
  MAX_NUMBER_TAGS,
  waitOfBucket,
  type ColleagueNumbers,
  type DayNumbers,
  type Numbers,
  type ReplyTimes,
  type TagNumbers,
} from '../../protocol/numbers.ts'
import type { CountedNumber, NumberKind, TagNumber } from '../ports/store/numbers.ts'

const DAY = 86_400_000

/** @param to the last day, `YYYY-MM-DD`. @returns so many days that end with it, the oldest first */
export function daysUpTo(to: string, count: number): string[] {
  const last = Date.parse(to)
  return Array.from({ length: count }, (_, i) => new Date(last - (count - 1 - i) * DAY).toISOString().slice(0, 10))
}

export function summarize(
  days: readonly string[],
  counted: readonly CountedNumber[],
  ofTags: readonly TagNumber[],
): Omit<Numbers, 'unread_chats'> {
  const byDay = Map.groupBy(counted, ({ day }) => day)
  const byAgent = Map.groupBy(
    counted.filter(({ agent_id }) => agent_id !== ''),
    ({ agent_id }) => agent_id,
  )
  return {
    days: days.map((day) => dayOf(day, byDay.get(day) ?? [])),
    colleagues: [...byAgent.values()]
      .map(colleagueOf)
      .sort((a, b) => b.messages - a.messages || (a.id < b.id ? -1 : 1)),
    tags: [...Map.groupBy(ofTags, ({ tag }) => tag)]
      .map(([tag, some]): TagNumbers => ({ tag, ...replyTimes(some) }))
      .sort((a, b) => b.archived - a.archived || b.replies - a.replies || (a.tag < b.tag ? -1 : 1))
      .slice(0, MAX_NUMBER_TAGS),
    ...replyTimes(counted),
  }
}

/** By day and colleague, or by tag */
type Counted = Pick<CountedNumber, 'kind' | 'bucket' | 'n'>

const sum = (counted: readonly Counted[], kind: NumberKind): number =>
  counted.reduce((total, one) => total + (one.kind === kind ? one.n : 0), 0)

const dayOf = (day: string, counted: readonly CountedNumber[]): DayNumbers => ({
  day,
  chats: sum(counted, 'chat'),
  user_messages: sum(counted, 'user'),
  staff_messages: sum(counted, 'staff'),
  ...replyTimes(counted),
})

function colleagueOf(counted: readonly CountedNumber[]): ColleagueNumbers {
  const newest = counted.reduce((a, b) => (b.day > a.day ? b : a))
  return { id: newest.agent_id, name: newest.agent_name, messages: sum(counted, 'staff'), ...replyTimes(counted) }
}

function replyTimes(counted: readonly Counted[]): ReplyTimes {
  const waits = timesOf(counted, 'wait')
  const openWaits = timesOf(counted, 'open_wait')
  const last = timesOf(counted, 'last')
  const openLast = timesOf(counted, 'open_last')
  const ratings = Math.max(0, sum(counted, 'rating'))
  const points = counted.reduce((total, { kind, bucket, n }) => total + (kind === 'rating' ? bucket * n : 0), 0)
  return {
    replies: sum(counted, 'wait'),
    median_s: within(waits, 0.5),
    p90_s: within(waits, 0.9),
    open_median_s: within(openWaits, 0.5),
    open_p90_s: within(openWaits, 0.9),
    archived: sum(counted, 'archive'),
    last_median_s: within(last, 0.5),
    last_p90_s: within(last, 0.9),
    open_last_median_s: within(openLast, 0.5),
    open_last_p90_s: within(openLast, 0.9),
    ratings,
    rating: ratings === 0 ? null : Math.min(5, Math.max(1, Math.round((points / ratings) * 100) / 100)),
  }
}

/** Of one kind, the shortest first */
const timesOf = (counted: readonly Counted[], kind: NumberKind): Counted[] =>
  counted.filter((one) => one.kind === kind).toSorted((a, b) => a.bucket - b.bucket)

/** @returns seconds within which such a share of the times lies; null: there are none */
function within(times: readonly Counted[], share: number): number | null {
  let left = Math.ceil(times.reduce((total, { n }) => total + n, 0) * share)
  for (const { bucket, n } of times) if ((left -= n) <= 0) return waitOfBucket(bucket)
  return null
}
