// What is counted: of each message that is stored, for replies by how long somebody had waited for them; of an archive; and of a rating.
import { waitBucket } from '../../protocol/numbers.ts'
import type { SupportRating } from '../../protocol/ratings.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { CountedNumber, OpenTime, TagNumberKind } from '../../server/ports/store/numbers.ts'
import { tagsBefore, tagsOf, type TagChange } from './tags.ts'

export interface WaitingHead {
  /** When the first message was written that staff have not replied to; null: there is none */
  waiting_since: string | null
  archived_at: string | null
  /** Since when a person of staff is to answer; null: a machine may */
  assistant_off_at: string | null
}

/** Two times */
interface Wait {
  from: string
  to: string
}

/** A stored message, and who wrote it */
export interface Countable {
  sent: { sender_id: string }
  message: SupportMessage
  /** For how long somebody had waited for it; null: nobody had */
  waited: Wait | null
  /** Of its chat, as they are stored */
  tags: string | null
}

/** About somebody of staff or nobody, or about a tag; null: not about one */
export type Count = CountedNumber & { tag: string | null }

/** Moves the head on. @returns for how long somebody had waited for this message; null: nobody had */
export function endWait(
  chat: WaitingHead,
  { sender_type, created_at, automated }: SupportMessage,
  handsOver = false,
): Wait | null {
  const since = chat.waiting_since
  if (automated) {
    // Nobody waits any more, unless it is for a person; and how fast a machine is says nothing of staff
    if (!handsOver && chat.assistant_off_at === null) chat.waiting_since = null
    return null
  }
  if (sender_type === 'user') {
    // A node of a version before archives without ending the wait
    chat.waiting_since = chat.archived_at === null ? (since ?? created_at) : created_at
    return null
  }
  chat.waiting_since = null
  return since === null ? null : { from: since, to: created_at }
}

export function countsOf(placed: readonly Countable[], openTime?: OpenTime): Count[] {
  const all = placed.flatMap((one) => countedIn(one, openTime))
  // Mostly one message of a user
  if (all.length < 2) return all
  const counts = new Map<string, Count>()
  for (const one of all) add(counts, one)
  return inOrder(counts)
}

/** What a chat has been since it began, or came back from the archive */
export interface Episode {
  began_at: string
  last_message_at: string | null
  /** As they are stored */
  tags: string | null
  /** Of all replies of people in the chat; undefined: there is none */
  lastReply: LastReply | undefined
}

export interface LastReply {
  sender_id: string
  sender_name: string | null
  created_at: string
}

/** Nothing where nothing was written since, so that an archive which is undone and done again is counted once */
export function countsOfArchive(episode: Episode, at: string, openTime?: OpenTime): Count[] {
  const { began_at: from, last_message_at, tags, lastReply } = episode
  if (last_message_at === null || last_message_at < from) return []
  const about = aboutOf(lastReply, tagsOf(tags), at)
  const isReplied = lastReply !== undefined && lastReply.created_at >= from
  const archive: Measure = { kind: 'archive', bucket: 0 }
  return inOrder(
    countsFor(about, [archive, ...(isReplied ? timesOf('last', { from, to: lastReply.created_at }, openTime) : [])]),
  )
}

interface Rated {
  rating: SupportRating
  /** As they are stored */
  tags: string | null
  lastReply: LastReply | undefined
  /** Which it replaces, and for whom that was counted; null: none */
  replaced: { rating: SupportRating; lastReply: LastReply | undefined; tagChanges: readonly TagChange[] } | null
}

export function countsOfRating({ rating, tags, lastReply, replaced }: Rated): Count[] {
  const counts = countsFor(aboutOf(lastReply, tagsOf(tags), rating.rated_at), [
    { kind: 'rating', bucket: rating.score },
  ])
  if (!replaced) return inOrder(counts)
  const { score, rated_at } = replaced.rating
  const then = aboutOf(replaced.lastReply, tagsBefore(tagsOf(tags), replaced.tagChanges), rated_at)
  for (const one of countsFor(then, [{ kind: 'rating', bucket: score, n: -1 }]).values()) add(counts, one)
  return inOrder(counts)
}

/** What is counted, whomever it is about */
interface Measure {
  kind: TagNumberKind
  bucket: number
  /** Default: 1 */
  n?: number
}

/** Those whom a measure is counted for: somebody of staff or nobody, and each tag */
type About = Pick<Count, 'day' | 'agent_id' | 'agent_name' | 'tag'>

function aboutOf(reply: Omit<LastReply, 'created_at'> | undefined, tags: string[], at: string): About[] {
  const day = at.slice(0, 10)
  const nobody = { day, agent_id: '', agent_name: null }
  return [
    { day, agent_id: reply?.sender_id ?? '', agent_name: reply?.sender_name ?? null, tag: null },
    ...tags.map((tag) => ({ ...nobody, tag })),
  ]
}

function countsFor(about: readonly About[], measures: readonly Measure[]): Map<string, Count> {
  const counts = new Map<string, Count>()
  for (const measure of measures) for (const one of about) add(counts, { n: 1, ...one, ...measure })
  return counts
}

/** A time, and how much of it staff were there, where hours are set */
function timesOf(kind: 'wait' | 'last', { from, to }: Wait, openTime: OpenTime | undefined): Measure[] {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const whole: Measure = { kind, bucket: waitBucket(end - begin) }
  return openTime ? [whole, { kind: `open_${kind}`, bucket: waitBucket(openTime(begin, end)) }] : [whole]
}

function countedIn({ sent, message, waited, tags }: Countable, openTime: OpenTime | undefined): Count[] {
  const { seq, sender_type, sender_name, created_at } = message
  const day = created_at.slice(0, 10)
  const nobody = { day, agent_id: '', agent_name: null, tag: null, bucket: 0, n: 1 }
  const chat: Count[] = seq === 1 ? [{ ...nobody, kind: 'chat' }] : []
  if (sender_type === 'user') return [...chat, { ...nobody, kind: 'user' }]
  const agent = { agent_id: sent.sender_id, agent_name: sender_name }
  const reply: Count[] = [...chat, { ...nobody, ...agent, kind: 'staff' }]
  if (waited === null) return reply
  const by = { sender_id: sent.sender_id, sender_name }
  return [...reply, ...countsFor(aboutOf(by, tagsOf(tags), created_at), timesOf('wait', waited, openTime)).values()]
}

function add(counts: Map<string, Count>, one: Count): void {
  const key = keyOf(one)
  const known = counts.get(key)
  if (known) Object.assign(known, { n: known.n + one.n, agent_name: one.agent_name })
  else counts.set(key, one)
}

/** In an order that is the same for all, so that two transactions do not wait for each other */
const inOrder = (counts: ReadonlyMap<string, Count>): Count[] =>
  [...counts]
    .filter(([, { n }]) => n !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one)

const keyOf = ({ day, kind, agent_id, tag, bucket }: Count): string =>
  `${day} ${kind} ${bucket} ${tag === null ? `staff ${agent_id}` : `tag ${tag}`}`
