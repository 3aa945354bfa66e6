// Search whose cost is bounded, however common a word is and however many messages there are: first the newest messages are read, which
// is enough for a common word; then the index is asked block by block, for a limited time.
import type { FoundPage } from '../../../protocol/types.ts'
import { parseSearch, type Alternatives } from '../../../protocol/search-query.ts'
import type { SearchStore } from '../../../server/ports/store/search.ts'
import { StoreUnavailable } from '../../../server/ports/store/store-unavailable.ts'
import type { SqlDatabase } from '../../sql/database.ts'
import { FoundChats } from '../../sql/found-chats.ts'
import { Semaphore } from '../../sql/semaphore.ts'
import { catchUp } from './catch-up.ts'
import { indexedWordsOf, type IndexedWords } from './indexed-words.ts'
import { lookUp, MAX_LISTED, type ReadMessage } from './look-up.ts'
import { matcherOf } from '../../rules/search-matches.ts'
import { BLOCK_BITS } from './tables.ts'

/** Messages that are read in a step */
const STEP = 200
/** How long a page is searched block by block (ms); a step that has begun is finished */
const SEARCH_TIME = 1_500
/** Searches that a node runs at the same time, so that there are always connections for messages */
const AT_ONCE = 2
/** Before, and after, every message's number */
const START = 0
const END = 2 ** 31

type Chats = FoundChats<number, ReadMessage>

/** What is searched for */
interface Wanted {
  /** Of each alternative */
  words: IndexedWords[]
  isMatch: (content: string) => boolean
  /** Whether a start of a word is common in a block, where that was asked */
  common: Map<string, boolean>
}

const NOTHING: FoundPage = { found: [], next: null, searched_to: null }

/** Resolves when everything that was written before is indexed */
export async function search(database: SqlDatabase): Promise<SearchStore> {
  const { newest, read, isCommon, listed, timeOf, details } = lookUp(database)
  const searches = new Semaphore(AT_ONCE)
  const missing = catchUp(database)
  await missing.all()

  async function page(alternatives: Alternatives, before: number, limit: number): Promise<FoundPage> {
    const search = {
      words: indexedWordsOf(alternatives),
      isMatch: matcherOf(alternatives),
      common: new Map<string, boolean>(),
    }
    const chats: Chats = new FoundChats({ before, start: START }, limit, ({ n }) => n)
    await readNewest(search, chats)
    const end = performance.now() + SEARCH_TIME
    while (!chats.isDone && performance.now() < end) await searchBlock(search, chats, end)
    return {
      found: await details(chats.found),
      next: chats.isAtStart ? null : String(chats.at),
      searched_to: chats.isDone ? null : await timeOf(chats.at),
    }
  }

  async function readNewest({ isMatch }: Wanted, chats: Chats): Promise<void> {
    const { messages, last } = await newest(chats.at, STEP)
    chats.add(
      messages.filter(({ content }) => isMatch(content)),
      last ?? START,
    )
  }

  async function isCommonStart({ common }: Wanted, start: string, block: number): Promise<boolean> {
    const key = `${block} ${start}`
    const known = common.get(key) ?? (await isCommon(start, block))
    common.set(key, known)
    return known
  }

  /** The block of the next message, or what of it can be listed */
  async function searchBlock(search: Wanted, chats: Chats, end: number): Promise<void> {
    const block = (chats.at - 1) >>> BLOCK_BITS
    let from = block * 2 ** BLOCK_BITS
    const candidates = new Set<number>()
    for (const words of search.words) {
      const isTooMany = words.start !== undefined && (await isCommonStart(search, words.start, block))
      // Then one of a few messages has such a word
      if (isTooMany && words.exact.length === 0) return readNewest(search, chats)
      const numbers = await listed(isTooMany ? { ...words, start: undefined } : words, block, chats.at)
      for (const n of numbers) candidates.add(n)
      // There may be more before the last one
      if (numbers.length === MAX_LISTED) from = Math.max(from, numbers.at(-1) ?? from)
    }
    await readCandidates(search, chats, { numbers: [...candidates].filter((n) => n >= from), from, end })
  }

  /** `numbers` are all candidates from `from` on, in any order */
  async function readCandidates(
    { isMatch }: Wanted,
    chats: Chats,
    { numbers, from, end }: { numbers: number[]; from: number; end: number },
  ): Promise<void> {
    numbers.sort((a, b) => b - a)
    for (let i = 0; i < numbers.length; i += STEP) {
      // One step is read in any case, so that every page comes further
      if (chats.isDone || (i > 0 && performance.now() > end)) return
      const step = numbers.slice(i, i + STEP)
      const messages = await read(step)
      chats.add(
        messages.filter(({ content }) => isMatch(content)),
        i + STEP < numbers.length ? (step.at(-1) ?? from) : from,
      )
    }
    if (numbers.length === 0) chats.add([], from)
  }

  async function catchUpSome(): Promise<void> {
    try {
      await missing.some()
    } catch (error) {
      // Others hold a chat for too long: what is indexed can be found all the same
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  return {
    async searchMessages({ text, limit, cursor = String(END) }) {
      const alternatives = parseSearch(text)
      if (alternatives.length === 0 || !/^\d{1,10}$/.test(cursor)) return NOTHING
      return searches.run(async () => {
        await catchUpSome()
        return page(alternatives, Number(cursor), limit)
      })
    },
  }
}
