// Whom the session cookie names: a member with an account, or staff who came by a link or a token of the operator's.
import { AUDIENCE, type Tokens } from '../../server/people/token.ts'
import type { Accounts } from './accounts.ts'
import type { Cookie } from './cookies.ts'
import type { Caller } from './route-context.ts'

export interface CallerOptions {
  sessions: Cookie
  tokens: () => Tokens
  /** null: staff have no accounts here */
  accounts: (() => Promise<Accounts>) | null
}

/** A token is a JWT, which has dots; the session of an account is a random text without */
export const isToken = (cookie: string): boolean => cookie.includes('.')

export function callers({ sessions, tokens, accounts }: CallerOptions): (request: Request) => Promise<Caller | null> {
  return async (request) => {
    const cookie = sessions.read(request)
    if (cookie === undefined) return null
    if (!isToken(cookie)) return accounts && (await accounts()).sessions.find(cookie)
    const identity = await tokens()
      .identify(cookie, [AUDIENCE.session])
      .catch(() => null)
    return identity && { identity, member: null }
  }
}
