// Whose session a client has: its credentials, and the person whom they and the server's answers name. A page may outlive its
// session: it ends, or somebody else signs in on the same browser.
import { PERSON_AUDIENCE, PERSON_HEADER, personTag } from '../../protocol/person.ts'
import { ApiError } from '../api-error.ts'
import type { Credentials } from './credentials.ts'

export class Session {
  readonly #credentials: Credentials
  readonly #listeners = new Set<() => void>()
  #person: string | null = null
  #ended = false
  #replaced = false
  #token: string | null = null

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  /** A `personTag`; null until known. It never changes after that */
  get person(): string | null {
    return this.#person
  }
  /** The server knows nobody by these credentials, as of its last answer */
  get ended(): boolean {
    return this.#ended
  }
  /** It is somebody else's now. Nothing can be asked or sent any more */
  get replaced(): boolean {
    return this.#replaced
  }
  /** The browser's cookie names the person, and other tabs can change it */
  get byCookie(): boolean {
    return this.#token === null
  }

  /** @returns a function that stops the calls */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The token to use now; null means the cookie. @throws ApiError `other_person` */
  async token(): Promise<string | null> {
    return this.#use(await this.#credentials.get())
  }
  /** Another token after one was refused; null when there is none. @throws ApiError `other_person` */
  async freshToken(): Promise<string | null> {
    return this.#use(await this.#credentials.refresh())
  }

  /** What a request says of the caller */
  headers(token: string | null): Record<string, string> {
    return {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(this.#person === null ? {} : { [PERSON_HEADER]: this.#person }),
    }
  }

  /** Takes what an answer says of the caller. @throws ApiError `other_person`: nothing in the answer is for this page */
  answered({ status, ok, headers }: Response): void {
    const person = headers.get(PERSON_HEADER)
    const ended = status === 401 || (this.#ended && person === null && !ok)
    const changed = ended !== this.#ended
    this.#ended = ended
    this.#name(person)
    if (changed) this.#tell()
    this.#check()
  }

  #use(token: string | null): string | null {
    this.#token = token
    if (token !== null) this.#name(personOf(token))
    this.#check()
    return token
  }

  #name(person: string | null): void {
    if (person === null || person === this.#person) return
    if (this.#person === null) this.#person = person
    else this.#replaced = true
    this.#tell()
  }

  #check(): void {
    if (this.#replaced) throw new ApiError('other_person', 409, 'Somebody else is signed in')
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** The person whom a token names; null for a token of the host's own, whose `sub` may be another id. The server checks it. */
function personOf(token: string): string | null {
  try {
    const payload = atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'))
    const json = new TextDecoder().decode(Uint8Array.from(payload, (char) => char.charCodeAt(0)))
    const { sub, aud } = JSON.parse(json) as { sub: unknown; aud: string | string[] }
    const role = (['admin', 'user'] as const).find((name) => [aud].flat().includes(PERSON_AUDIENCE[name]))
    return role && (typeof sub === 'string' || typeof sub === 'number') ? personTag(role, String(sub)) : null
  } catch {
    return null
  }
}
