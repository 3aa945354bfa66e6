// Search whose cost is bounded, however common a word is and however many messages there are. The index alone is not: it names every
// message that matches before the newest of them is known. So first a few of the newest messages are looked through, which is
// all that a common word needs; then the index is asked, which is all that a rare word needs; and what is neither, because it
// is common and not lately, is looked for period by period, and only so far at once.
import type { FoundPage } from '../../../protocol/types.ts'
import { parseSearch } from '../../../protocol/search-query.ts'
import type { Store } from '../../../server/ports/store/store.ts'
import { isUuid } from '../../request-values.ts'
import type { SqlDatabase } from '../../sql/database.ts'
import { Gate } from './gate.ts'
import { END, FoundChats, firstOf, START } from './found-chats.ts'
import { lookUp } from './look-up.ts'
import { period, PERIODS } from './search-index.ts'
import { tsqueriesOf, type Tsqueries } from './tsquery.ts'

/** Messages that are looked through one by one, in a step */
const STEP = 200
/** How long a page is looked for, period by period (ms); what is under way then comes to its end */
const PATIENCE = 1_500
/** Searches that a node runs at the same time, so that messages never wait for a connection because of them */
const AT_ONCE = 2

const NOTHING: FoundPage = { found: [], next: null, searched_to: null }

export function messageSearch(database: SqlDatabase): Required<Pick<Store, 'searchMessages'>> {
  const { newest, listed, details } = lookUp(database)
  const gate = new Gate(AT_ONCE)

  async function search(words: Tsqueries, before: string, limit: number): Promise<FoundPage> {
    const chats = new FoundChats(before, limit)
    await step(words, chats)
    if (!chats.isDone) {
      const all = await listed(words, { before, limit: limit + 1 })
      if (all) {
        const page = all.slice(0, limit)
        const next = all.length > limit ? (page.at(-1)?.id ?? null) : null
        return { found: await details(page), next, searched_to: null }
      }
      await dig(words, chats)
    }
    return { found: await details(chats.found), next: chats.next, searched_to: chats.searchedTo }
  }

  async function step(words: Tsqueries, chats: FoundChats, size = STEP): Promise<void> {
    const places = await newest(words, chats.at, size)
    const last = places.at(-1)
    const matches = places.filter((place) => place.is_match === 1)
    chats.add(matches, last?.n === size ? last.id : START)
  }

  /** Period by period that has messages at all, and where one has too many matches, by the shorter ones in it */
  async function dig(words: Tsqueries, chats: FoundChats): Promise<void> {
    const end = performance.now() + PATIENCE
    while (!chats.isDone && performance.now() < end) {
      // The next message that there is
      await step(words, chats, 1)
      if (!chats.isDone && !(await searchPeriodOf(chats.at, words, chats))) await step(words, chats)
    }
  }

  /** The longest that the index can list. False: it can list none */
  async function searchPeriodOf(id: string, words: Tsqueries, chats: FoundChats): Promise<boolean> {
    const limit = chats.missing
    for (const length of PERIODS) {
      const places = await listed(words, { period: period(id, length), before: chats.at, limit })
      if (!places) continue
      // Some may be of chats that were found already; then the period has others still
      const last = places.length === limit ? places.at(-1) : undefined
      chats.add(places, last?.id ?? firstOf(id.slice(0, length)))
      return true
    }
    return false
  }

  return {
    async searchMessages({ text, limit, cursor = END }) {
      const words = tsqueriesOf(parseSearch(text))
      if (!words || !isUuid(cursor)) return NOTHING
      return gate.pass(() => search(words, cursor, limit))
    },
  }
}
