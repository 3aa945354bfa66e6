// Search whose cost is bounded, however common a word is and however many messages there are. The index alone is not bounded: it lists
// every match before the newest of them is known. So first the newest messages are read, which is enough for a common word; then
// the index is asked, which is enough for a rare word; and a word that is common, but not in recent messages, is searched period by
// period, for a limited time.
import type { FoundPage } from '../../../protocol/types.ts'
import { parseSearch } from '../../../protocol/search-query.ts'
import type { SearchStore } from '../../../server/ports/store/search.ts'
import { isUuid } from '../../rules/request-values.ts'
import type { SqlDatabase } from '../../sql/database.ts'
import { FoundChats } from '../../sql/found-chats.ts'
import { Semaphore } from '../../sql/semaphore.ts'
import { lookUp, type MatchPosition } from './look-up.ts'
import { END, firstOf, START, timeOf } from './positions.ts'
import { period, PERIODS } from './search-index.ts'
import { tsqueriesOf, type Tsqueries } from './tsquery.ts'

/** Messages that are read in a step */
const STEP = 200
/** How long a page is searched period by period (ms); a period that has begun is finished */
const SEARCH_TIME = 1_500
/** Searches that a node runs at the same time, so that there are always connections for messages */
const AT_ONCE = 2

type Chats = FoundChats<string, MatchPosition>

const NOTHING: FoundPage = { found: [], next: null, searched_to: null }

export function search(database: SqlDatabase): SearchStore {
  const { newest, listed, details } = lookUp(database)
  const searches = new Semaphore(AT_ONCE)

  async function page(words: Tsqueries, before: string, limit: number): Promise<FoundPage> {
    const chats: Chats = new FoundChats({ before, start: START }, limit, ({ id }) => id)
    await step(words, chats)
    if (!chats.isDone) {
      const all = await listed(words, { before, limit: limit + 1 })
      if (all) {
        const found = all.slice(0, limit)
        const next = all.length > limit ? (found.at(-1)?.id ?? null) : null
        return { found: await details(found), next, searched_to: null }
      }
      await dig(words, chats)
    }
    return {
      found: await details(chats.found),
      next: chats.isAtStart ? null : chats.at,
      searched_to: chats.isDone ? null : new Date(timeOf(chats.at)).toISOString(),
    }
  }

  async function step(words: Tsqueries, chats: Chats, size = STEP): Promise<void> {
    const read = await newest(words, chats.at, size)
    const last = read.at(-1)
    const matches = read.filter(({ is_match }) => is_match === 1)
    chats.add(matches, last?.n === size ? last.id : START)
  }

  /** Period by period, leaving out those without messages; a period with too many matches is divided into shorter ones */
  async function dig(words: Tsqueries, chats: Chats): Promise<void> {
    const end = performance.now() + SEARCH_TIME
    while (!chats.isDone && performance.now() < end) {
      // Finds the next message, and so the next period that has any
      await step(words, chats, 1)
      if (!chats.isDone && !(await searchPeriodOf(chats.at, words, chats))) await step(words, chats)
    }
  }

  /** Searches the longest period of this id that the index can list. @returns false: it can list none of them */
  async function searchPeriodOf(id: string, words: Tsqueries, chats: Chats): Promise<boolean> {
    const limit = chats.missing
    for (const length of PERIODS) {
      const matches = await listed(words, { period: period(id, length), before: chats.at, limit })
      if (!matches) continue
      // Some may be in chats that were found before; then the period may have more
      const last = matches.length === limit ? matches.at(-1) : undefined
      chats.add(matches, last?.id ?? firstOf(id.slice(0, length)))
      return true
    }
    return false
  }

  return {
    async searchMessages({ text, limit, cursor = END }) {
      const words = tsqueriesOf(parseSearch(text))
      if (!words || !isUuid(cursor)) return NOTHING
      return searches.run(() => page(words, cursor, limit))
    },
  }
}
