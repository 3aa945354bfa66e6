// A placeholder for your own sign-in. Anybody can sign in as anybody here: nothing proves that the cookie is right.
const people = {
  ada: { id: 'ada', role: 'user', email: 'ada@example.com', name: 'Ada, a customer' },
  sam: { id: 'sam', role: 'admin', email: 'sam@example.com', name: 'Sam' },
}

/** Who a request comes from, by its Cookie header; null: nobody has signed in */
export const personOf = (cookie) => people[/\bwho=(\w+)/.exec(cookie ?? '')?.[1]] ?? null

/** @returns a Set-Cookie header */
export const signedIn = (who) => `who=${who === 'sam' ? 'sam' : 'ada'}; Path=/; HttpOnly; SameSite=Lax`
