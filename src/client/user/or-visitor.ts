// People without an account write by a token of their own, where the server says that it takes them. What that needs is loaded then.
import { VISITORS_HEADER } from '../../protocol/visitor.ts'
import type { Credentials } from '../connection/credentials.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { browserStorage } from '../storage.ts'
import type { Visitor } from './visitor.ts'

export interface VisitorCredentials extends Credentials {
  end(): void
}

/** Where the browser remembers who wrote without an account */
export const visitorKey = (base: string): string => `deskbell:visitor:${base}`

/**
 * @param own come first: who signs in is no visitor any more
 * @param base absolute URL of the mount point
 * @param conversation that of these credentials. It is asked for later
 */
export function orVisitor(own: Credentials, base: string, conversation: () => Conversation): VisitorCredentials {
  const key = visitorKey(base)
  let visitor: Visitor | undefined
  /** What the page answered last */
  let mine: string | null = null
  let loading: Promise<void> | undefined
  const load = (): Promise<void> =>
    (loading ??= import('./visitor.ts')
      .then(({ arrive }) => arrive({ own, base, key, storage: browserStorage, conversation }))
      .then((known) => void (visitor = known))
      .catch((error: unknown) => {
        loading = undefined
        throw error
      }))
  // Before anything else is asked: what they wrote may belong to an account now. Without an answer, they are who the page says
  const arrived = browserStorage.get(key) && load().catch(() => undefined)

  return {
    async get() {
      await arrived
      mine = await own.get()
      return mine ?? visitor?.token ?? null
    },
    async refresh(refused) {
      const fresh = await own.refresh(refused)
      // A person whose token has expired is no visitor
      if ((fresh ?? mine) !== null || !refused?.headers.has(VISITORS_HEADER)) return fresh
      await load()
      return visitor?.renew() ?? null
    },
    // It may be loading still
    end: () => void loading?.then(() => visitor?.end()).catch(() => undefined),
  }
}
