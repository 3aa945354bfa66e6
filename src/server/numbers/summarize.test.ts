import { expect, it } from 'vitest'
import { waitBucket, waitOfBucket } from '../../protocol/numbers.ts'
import type { CountedNumber, TagNumber } from '../ports/store/numbers.ts'
import { daysUpTo, summarize } from './summarize.ts'

const one = (
  day: string,
  kind: CountedNumber['kind'],
  n: number,
  more: Partial<CountedNumber> = {},
): CountedNumber => ({
  day,
  kind,
  agent_id: '',
  agent_name: null,
  bucket: 0,
  n,
  ...more,
})
const sam = { agent_id: 'sam', agent_name: 'Sam' }
const wait = (day: string, seconds: number, n: number, who = sam) =>
  one(day, 'wait', n, { ...who, bucket: waitBucket(seconds * 1_000) })

it('names the days before one, over the ends of months and in leap years', () => {
  expect(daysUpTo('2028-03-01', 3)).toEqual(['2028-02-28', '2028-02-29', '2028-03-01'])
})

it('keeps times within a tenth of what they were, from seconds to weeks', () => {
  for (let seconds = 1; seconds < 3_000_000; seconds = Math.ceil(seconds * 1.07)) {
    const kept = waitOfBucket(waitBucket(seconds * 1_000))
    expect(Math.abs(kept - seconds)).toBeLessThanOrEqual(Math.max(1, seconds * 0.1))
  }
  expect([waitBucket(0), waitBucket(-5), waitBucket(1e15)]).toEqual([0, 0, 100])
})

const nothing = {
  replies: 0,
  median_s: null,
  p90_s: null,
  open_median_s: null,
  open_p90_s: null,
  archived: 0,
  last_median_s: null,
  last_p90_s: null,
  open_last_median_s: null,
  open_last_p90_s: null,
  ratings: 0,
  rating: null,
}

it('adds up what was counted by day and by colleague, and says how long people waited', () => {
  const [a, b, c] = daysUpTo('2026-03-03', 3) as [string, string, string]
  const kim = { agent_id: 'kim', agent_name: null }
  const numbers = summarize(
    [a, b, c],
    [
      one(a, 'chat', 2),
      one(a, 'user', 7),
      one(a, 'staff', 4, sam),
      wait(a, 60, 9),
      wait(a, 3_600, 1),
      one(c, 'user', 1),
      one(c, 'staff', 5, { ...sam, agent_name: 'Samuel' }),
      one(c, 'staff', 1, kim),
      wait(c, 1, 1, kim as unknown as typeof sam),
    ],
    [],
  )
  const none = { ...nothing, chats: 0, user_messages: 0, staff_messages: 0 }
  const waited = (replies: number, seconds: number) => ({ replies, median_s: seconds, p90_s: seconds })
  expect(numbers.days).toEqual([
    { ...none, day: a, chats: 2, user_messages: 7, staff_messages: 4, ...waited(10, 64) },
    { ...none, day: b },
    { ...none, day: c, user_messages: 1, staff_messages: 6, ...waited(1, 1) },
  ])
  expect(numbers.colleagues).toEqual([
    { ...nothing, id: 'sam', name: 'Samuel', messages: 9, ...waited(10, 64) },
    { ...nothing, id: 'kim', name: null, messages: 1, ...waited(1, 1) },
  ])
  expect([numbers.replies, numbers.median_s, numbers.p90_s]).toEqual([11, 64, 64])
})

it('says how long the last reply took, how much of it staff were there, and what users said', () => {
  const day = '2026-03-03'
  const time = (kind: CountedNumber['kind'], seconds: number, n: number) =>
    one(day, kind, n, { ...sam, bucket: waitBucket(seconds * 1_000) })
  const rated = (score: number, n: number, who = sam) => one(day, 'rating', n, { ...who, bucket: score })
  const kim = { agent_id: 'kim', agent_name: 'Kim' }
  const numbers = summarize(
    [day],
    [
      one(day, 'archive', 5, sam),
      one(day, 'archive', 1),
      time('last', 60, 3),
      time('last', 4_096, 2),
      time('open_last', 32, 5),
      time('open_wait', 16, 1),
      rated(5, 2),
      rated(4, 1),
      // One that was changed after a colleague replied
      rated(2, -1),
      rated(2, 1, kim),
    ],
    [],
  )
  const expected = {
    open_median_s: 16,
    open_p90_s: 16,
    archived: 6,
    last_median_s: 64,
    last_p90_s: 4_096,
    open_last_median_s: 32,
    open_last_p90_s: 32,
    ratings: 3,
    rating: 4.67,
  }
  expect(numbers).toMatchObject(expected)
  expect(numbers.days).toMatchObject([expected])
  expect(numbers.colleagues).toMatchObject([
    { id: 'kim', ratings: 1, rating: 2 },
    { id: 'sam', archived: 5, ratings: 2, rating: 5 },
  ])
})

it('adds up by tag, the most archived first, and no more than can be shown', () => {
  const tagged = (tag: string, kind: TagNumber['kind'], n: number, bucket = 0): TagNumber => ({ tag, kind, n, bucket })
  const { tags, days } = summarize(
    ['2026-03-03'],
    [],
    [
      tagged('vip', 'archive', 2),
      tagged('bug', 'archive', 3),
      tagged('bug', 'rating', 1, 2),
      tagged('bug', 'rating', 1, 3),
      tagged('new', 'wait', 4, waitBucket(64_000)),
      ...Array.from({ length: 200 }, (_, n) => tagged(`t${n}`, 'wait', 1)),
    ],
  )
  expect(tags.slice(0, 3)).toEqual([
    { ...nothing, tag: 'bug', archived: 3, ratings: 2, rating: 2.5 },
    { ...nothing, tag: 'vip', archived: 2 },
    { ...nothing, tag: 'new', replies: 4, median_s: 64, p90_s: 64 },
  ])
  expect(tags).toHaveLength(100)
  expect(days).toMatchObject([{ archived: 0 }])
})
