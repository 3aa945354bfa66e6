// Search whose cost is bounded, however common a word is and however many messages there are: step by step from the newest message on,
// for a limited time.
import type { Filter } from 'mongodb'
import type { FoundMessage, FoundPage } from '../../../protocol/types.ts'
import { parseSearch, type Alternatives } from '../../../protocol/search-query.ts'
import type { SearchStore } from '../../../server/ports/store/search.ts'
import { FoundChats } from '../../sql/found-chats.ts'
import { Semaphore } from '../../sql/semaphore.ts'
import { matcherOf } from '../../rules/search-matches.ts'
import type { MongoDatabase } from '../database.ts'
import type { ChatDoc, IndexedDoc, MessageDoc } from '../documents.ts'
import { messageAt, messageFrom } from '../stored-messages.ts'
import { catchUpAll, catchUpSome } from './catch-up.ts'
import { indexedWord, isCut } from './word-index.ts'

/** Messages with a word that are read in a step */
const STEP = 100
/** Messages among which a step looks for words that begin with what was typed */
const STRETCH = 1_000
/** How long a page is searched (ms); a step that has begun is finished */
const SEARCH_TIME = 1_500
/** Searches that a node runs at the same time, so that there are always connections for messages */
const AT_ONCE = 2
/** Before, and after, every message's id */
const START = ''
const END = 'g'
const MESSAGE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What one alternative asks the index for; the rest is decided by the text */
type Asked = { word: string } | { start: string }

interface Match {
  id: string
  chat_id: string
  seq: number
}
type Chats = FoundChats<string, Match>

const NOTHING: FoundPage = { found: [], next: null, searched_to: null }

function askedOf(alternatives: Alternatives): Asked[] {
  return alternatives.map((terms) => {
    const wanted = terms.filter(({ isExcluded }) => !isExcluded)
    const whole = wanted.flatMap(({ words, isStart }) => (isStart ? words.slice(0, -1) : words)).map(indexedWord)
    // Long words are rare ones
    const [word] = whole.toSorted((a, b) => b.length - a.length)
    return word === undefined ? { start: indexedWord(wanted.at(-1)?.words.at(-1) ?? '') } : { word }
  })
}

/** Resolves when everything that was written before is indexed */
export async function search(db: MongoDatabase): Promise<SearchStore> {
  const index = db.collection('search')
  const chats = db.collection('chats')
  const searches = new Semaphore(AT_ONCE)
  await catchUpAll(db)

  /** Candidates, newest first, and the id from which on they are all */
  async function step(asked: Asked, before: string): Promise<{ candidates: IndexedDoc[]; from: string }> {
    if ('word' in asked) {
      const candidates = await read({ words: asked.word, _id: { $lt: before } }, STEP)
      return { candidates, from: candidates.length < STEP ? START : (candidates.at(-1)?._id ?? START) }
    }
    const [end] = await index
      .find({ _id: { $lt: before } })
      .sort({ _id: -1 })
      .skip(STRETCH - 1)
      .limit(1)
      .project<{ _id: string }>({ _id: 1 })
      .toArray()
    const from = end?._id ?? START
    // Words are letters, digits and marks, so that none of them means something to an expression
    const words = { $regex: `^${asked.start}` }
    return { candidates: await read({ words, _id: { $gte: from, $lt: before } }, STRETCH), from }
  }

  const read = (filter: Filter<IndexedDoc>, limit: number): Promise<IndexedDoc[]> =>
    index.find(filter).sort({ _id: -1 }).limit(limit).toArray()

  /** The message of an entry, and its chat; undefined: it is being erased */
  async function stored({ id, chat_id, seq }: Match): Promise<{ chat: ChatDoc; one: MessageDoc } | undefined> {
    const chat = await chats.findOne({ _id: chat_id })
    const one = chat && (await messageAt(db, chat, seq))
    if (chat && one?.id === id) return { chat, one }
    // Its chat became part of another one just now
    const moved = await db.collection('messages').findOne({ id, chat_id: { $ne: chat_id } })
    const other = moved && (await chats.findOne({ _id: moved.chat_id }))
    return other ? { chat: other, one: moved } : undefined
  }

  async function found(match: Match): Promise<FoundMessage | undefined> {
    const at = await stored(match)
    const user = at && (await db.collection('users').findOne({ _id: at.chat.user_id }))
    if (!at || !user) return undefined
    const { chat, one } = at
    return {
      chat_id: chat._id,
      user_id: chat.user_id,
      user_email: user.email,
      user_name: user.name,
      archived: chat.archived_at !== null,
      message: messageFrom(one),
    }
  }

  async function matching(candidates: IndexedDoc[], isMatch: (content: string) => boolean, chats: Chats) {
    const matches: Match[] = []
    const known = new Set<string>()
    for (const { _id: id, chat_id, seq, words } of candidates) {
      if (!isMatch(words.join(' ')) && !words.some(isCut)) continue
      if (known.has(chat_id) || chats.found.some((one) => one.chat_id === chat_id)) continue
      const at = await stored({ id, chat_id, seq })
      if (!at || !isMatch(at.one.content)) continue
      known.add(at.chat._id)
      matches.push({ id, chat_id: at.chat._id, seq: at.one.seq })
      if (matches.length >= chats.missing) break
    }
    return matches
  }

  async function page(alternatives: Alternatives, before: string, limit: number): Promise<FoundPage> {
    const isMatch = matcherOf(alternatives)
    const asked = askedOf(alternatives)
    const chats: Chats = new FoundChats({ before, start: START }, limit, ({ id }) => id)
    const end = performance.now() + SEARCH_TIME
    do {
      const steps = await Promise.all(asked.map((one) => step(one, chats.at)))
      const from = steps.reduce((latest, one) => (one.from > latest ? one.from : latest), START)
      const all = new Map(steps.flatMap(({ candidates }) => candidates.map((one) => [one._id, one])))
      const inReach = [...all.values()].filter(({ _id }) => _id >= from).sort((a, b) => (a._id < b._id ? 1 : -1))
      chats.add(await matching(inReach, isMatch, chats), from)
    } while (!chats.isDone && performance.now() < end)
    const details = await Promise.all(chats.found.map(found))
    return {
      found: details.flatMap((one) => one ?? []),
      next: chats.isAtStart ? null : chats.at,
      searched_to: chats.isDone ? null : await timeOf(chats.at),
    }
  }

  async function timeOf(id: string): Promise<string | null> {
    const first = index.find({ _id: { $gte: id } }).sort({ _id: 1 })
    return (await first.limit(1).toArray())[0]?.created_at ?? null
  }

  return {
    async searchMessages({ text, limit, cursor }) {
      const alternatives = parseSearch(text)
      if (alternatives.length === 0 || (cursor !== undefined && !MESSAGE_ID.test(cursor))) return NOTHING
      return searches.run(async () => {
        await catchUpSome(db)
        return page(alternatives, cursor ?? END, limit)
      })
    },
  }
}
