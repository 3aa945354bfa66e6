import {
  waitBucket,
  type CountedNumber,
  type NumberStore,
  type OpenTime,
  type SupportRating,
  type TagNumber,
  type TagNumberKind,
} from 'deskbell/core'
import type { Chat, RatedFor, Row, Tables } from './tables.ts'

export function numberFacet(tables: Tables): NumberStore {
  const within = <Count extends { day: string }>(counts: Map<string, Count>, from: string, to: string): Count[] =>
    [...counts.values()].filter(({ day }) => day >= from && day <= to).map((one) => ({ ...one }))
  return {
    numbers: async (from, to) => within(tables.open.numbers, from, to),
    tagNumbers: async (from, to) =>
      within(tables.open.tagNumbers, from, to).map(({ kind, tag, bucket, n }) => ({ kind, tag, bucket, n })),
  }
}

type Counted = Pick<CountedNumber, 'kind'> & Partial<CountedNumber>

function add(tables: Tables, at: string, one: Counted): void {
  const row = { day: at.slice(0, 10), agent_id: '', agent_name: null, bucket: 0, n: 1, ...one }
  const key = JSON.stringify([row.day, row.kind, row.agent_id, row.bucket])
  tables.numbers.set(key, { ...row, n: (tables.numbers.get(key)?.n ?? 0) + row.n })
}

/** The same for each tag of the chat */
function addWithTags(
  tables: Tables,
  { tags }: Pick<Chat, 'tags'>,
  at: string,
  one: Counted & { kind: TagNumberKind },
): void {
  add(tables, at, one)
  const { kind, bucket = 0, n = 1 } = one
  for (const tag of tags) {
    const row: TagNumber & { day: string } = { day: at.slice(0, 10), kind, tag, bucket, n }
    const key = JSON.stringify([row.day, kind, tag, bucket])
    tables.tagNumbers.set(key, { ...row, n: (tables.tagNumbers.get(key)?.n ?? 0) + n })
  }
}

interface Times {
  from: string
  to: string
  openTime: OpenTime | undefined
}

/** @returns a time in all, and of the hours in which staff are there */
function timesOf<Kind extends 'wait' | 'last'>(kind: Kind, { from, to, openTime }: Times) {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const whole: { kind: TagNumberKind; bucket: number } = { kind, bucket: waitBucket(end - begin) }
  return openTime ? [whole, { kind: `open_${kind}` as const, bucket: waitBucket(openTime(begin, end)) }] : [whole]
}

interface Counting {
  handsOver: boolean | undefined
  openTime: OpenTime | undefined
}

/** Counts a message that was stored in the chat */
export function count(tables: Tables, chat: Chat, { message, sender_id }: Row, counting: Counting): void {
  const { seq, sender_type, sender_name, created_at: to, automated = false } = message
  const { handsOver = false, openTime } = counting
  if (seq === 1) add(tables, to, { kind: 'chat' })
  const from = chat.waiting_since
  if (sender_type === 'user') {
    chat.waiting_since ??= to
    return add(tables, to, { kind: 'user' })
  }
  const agent = { agent_id: sender_id, agent_name: sender_name }
  add(tables, to, { kind: 'staff', ...agent })
  if (automated && (handsOver || chat.assistant_off_at !== null)) return
  chat.waiting_since = null
  if (from === null || automated) return
  for (const one of timesOf('wait', { from, to, openTime })) addWithTags(tables, chat, to, { ...one, ...agent })
}

/** Which person wrote the last reply of the chat, and when */
function lastReply({ messages }: Chat) {
  const row = messages.findLast(({ message }) => message.sender_type === 'admin' && !message.automated)
  return row && { at: row.message.created_at, agent_id: row.sender_id, agent_name: row.message.sender_name }
}

/** Counts a chat that goes to the archive, unless nothing was written since it came out of it */
export function countArchive(tables: Tables, chat: Chat, at: string, openTime?: OpenTime): void {
  const back = chat.activities.findLast(({ kind }) => kind === 'unarchived')
  const from = (back ?? chat.messages[0]?.message)?.created_at ?? ''
  if (chat.last_message_at === null || chat.last_message_at < from) return
  const { at: to, ...agent } = lastReply(chat) ?? { at: '', agent_id: '', agent_name: null }
  addWithTags(tables, chat, at, { kind: 'archive', ...agent })
  if (to < from) return
  for (const one of timesOf('last', { from, to, openTime })) addWithTags(tables, chat, at, { ...one, ...agent })
}

/** Counts a rating in place of the one that it replaces, which is taken back from those for whom it was counted */
export function countRating(tables: Tables, chat: Chat, rating: SupportRating, replaced: SupportRating | null): void {
  const { at: _, ...agent } = lastReply(chat) ?? { at: '', agent_id: '', agent_name: null }
  const counted = (n: number, { score, rated_at }: SupportRating, { tags, agent }: RatedFor): void =>
    addWithTags(tables, { tags }, rated_at, { kind: 'rating', bucket: score, n, ...agent })
  if (replaced && chat.ratedFor) counted(-1, replaced, chat.ratedFor)
  chat.ratedFor = { tags: [...chat.tags], agent }
  counted(1, rating, chat.ratedFor)
}
