// Whose session a client has: its credentials, and the person whom they and the server's answers name. A page may outlive its
// session: it ends, or somebody else signs in on the same browser.
import { PERSON_AUDIENCE, PERSON_HEADER, personTag } from '../../protocol/person.ts'
import { ApiError } from '../api-error.ts'
import type { Credentials } from './credentials.ts'

export interface Session {
  /** A `personTag`; null until known. It never changes after that */
  readonly person: string | null
  /** The server knows nobody by these credentials, as of its last answer */
  readonly ended: boolean
  /** Another person is signed in now. Nothing can be requested or sent any more */
  readonly replaced: boolean
  /** The browser's cookie names the person, and other tabs can change it */
  readonly byCookie: boolean
  /** @returns a function that stops the calls */
  onChange(listener: () => void): () => void
  /** The token to use now; null means the cookie. @throws ApiError `other_person` */
  token(): Promise<string | null>
  /** Another token after one was refused; null when there is none. @throws ApiError `other_person` */
  freshToken(refused?: Response): Promise<string | null>
  /** What a request says of the caller */
  headers(token: string | null): Record<string, string>
  /** Takes what an answer says of the caller. @throws ApiError `other_person`: nothing in the answer is for this page */
  answered(response: Response): void
}

export function createSession(credentials: Credentials): Session {
  const listeners = new Set<() => void>()
  let person: string | null = null
  let ended = false
  let replaced = false
  let byCookie = true

  function learn(named: string | null, isOver: boolean): void {
    const known = person
    person ??= named
    replaced ||= named !== null && named !== person
    const changes = replaced || person !== known || isOver !== ended
    ended = isOver
    if (changes) for (const listener of listeners) listener()
    if (replaced) throw new ApiError('other_person', 409, 'Somebody else is signed in')
  }
  function use(token: string | null): string | null {
    byCookie = token === null
    learn(token === null ? null : personOf(token), ended)
    return token
  }

  return {
    get person() {
      return person
    },
    get ended() {
      return ended
    },
    get replaced() {
      return replaced
    },
    get byCookie() {
      return byCookie
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    token: async () => use(await credentials.get()),
    freshToken: async (refused) => use(await credentials.refresh(refused)),
    headers: (token) => ({
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(person !== null && { [PERSON_HEADER]: person }),
    }),
    answered({ status, ok, headers }) {
      const named = headers.get(PERSON_HEADER)
      learn(named, status === 401 || (ended && named === null && !ok))
    },
  }
}

/**
 * The person whom a token names, which the server checks; null where only the server can tell: a token of the host's own may mean
 * another id by its `sub`, and an id beyond ASCII would need its bytes decoded here.
 */
function personOf(token: string): string | null {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const { sub, aud } = JSON.parse(atob(payload)) as { sub: unknown; aud: string | string[] }
    const role = (['admin', 'user'] as const).find((name) => [aud].flat().includes(PERSON_AUDIENCE[name]))
    const id = typeof sub === 'number' ? `${sub}` : sub
    return role && typeof id === 'string' && /^[ -~]+$/.test(id) ? personTag(role, id) : null
  } catch {
    return null
  }
}
