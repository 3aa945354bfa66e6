import { ANSWER_WITHIN } from '../../protocol/timing.ts'

/**
 * Asks the page for a token, once for all who need one at that time: REST and the socket often notice an expiry in the same second. The
 * page may ask over a network too, and get no answer, so it has as long as a request of ours.
 * @returns as `ask`, but rejects after that time; the next call asks again
 */
export function asking(ask: () => Promise<string | null>): () => Promise<string | null> {
  let answer: Promise<string | null> | undefined
  let timer: ReturnType<typeof setTimeout>
  const tooLate = (): Promise<never> =>
    new Promise((_, reject) => (timer = setTimeout(reject, ANSWER_WITHIN, new Error('No token came'))))
  return () =>
    (answer ??= Promise.race([ask(), tooLate()]).finally(() => {
      clearTimeout(timer)
      answer = undefined
    }))
}
