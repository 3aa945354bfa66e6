// A placeholder for your own sign-in. Anybody can sign in as anybody here: nothing proves that the cookie is right.
import type { HostIdentity } from 'deskbell'

const people: Record<string, HostIdentity> = {
  ada: { id: 'ada', role: 'user', email: 'ada@example.com', name: 'Ada, a customer' },
  sam: { id: 'sam', role: 'admin', email: 'sam@example.com', name: 'Sam' },
}

/** Who a request comes from, by its Cookie header; null: nobody has signed in */
export const personOf = (cookie: string | null): HostIdentity | null =>
  people[/\bwho=(\w+)/.exec(cookie ?? '')?.[1] ?? ''] ?? null
