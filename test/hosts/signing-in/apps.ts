// Apps that sign people in: `ada`, a customer, and `sam`, of staff. Each is what a host has before Deskbell is added.

/** The headers by which somebody is signed in */
export type Cookies = Record<'cookie', string>

export interface SigningIn {
  /** Its `auth.js`, which exports `appWith(chat)`: the app with the chat at /support */
  auth: string
  signIn(url: string, who: 'ada' | 'sam'): Promise<Cookies>
  signOut(url: string, by: Cookies): Promise<void>
}

const PEOPLE = `[
  { id: '1', username: 'ada', email: 'ada@example.com', name: 'Ada', isStaff: false, role: 'user' },
  { id: '2', username: 'sam', email: 'sam@example.com', name: 'Sam', isStaff: true, role: 'admin' },
]`

/** What a browser keeps of an answer, besides what it has */
function kept(answer: Response, before = ''): Cookies {
  const jar = new Map(before.split('; ').filter(Boolean).map(split))
  for (const line of answer.headers.getSetCookie()) jar.set(...split(line.split(';')[0] ?? ''))
  return { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }
}
const split = (pair: string): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]

async function post(
  url: string,
  body: Record<string, string>,
  { cookie }: Cookies = { cookie: '' },
): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin, cookie },
    body: JSON.stringify(body),
    redirect: 'manual',
  })
  if (answer.status >= 400) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer
}

export const APPS: Record<string, SigningIn> = {
  'better-auth': {
    auth: `
      import { DatabaseSync } from 'node:sqlite'
      import { betterAuth } from 'better-auth'
      import { getMigrations } from 'better-auth/db/migration'
      import { toNodeHandler } from 'better-auth/node'
      import express from 'express'

      const database = new DatabaseSync(':memory:')
      export const auth = betterAuth({
        database,
        baseURL: process.env.APP_URL,
        secret: process.env.AUTH_SECRET,
        emailAndPassword: { enabled: true },
        user: { additionalFields: { role: { type: 'string', input: false, defaultValue: 'user' } } },
        session: { cookieCache: { enabled: true } },
      })
      const ready = getMigrations(auth.options).then(({ runMigrations }) => runMigrations())

      export const appWith = (chat) =>
        express()
          .all('/api/auth/{*any}', async (request, response) => {
            await ready
            await toNodeHandler(auth)(request, response)
            database.exec("update user set role = 'admin' where email = 'sam@example.com'")
          })
          .use('/support', chat)
    `,
    async signIn(url, who) {
      const name = who === 'ada' ? 'Ada' : 'Sam'
      const [email, password] = [`${who}@example.com`, 'a long password']
      await post(`${url}/api/auth/sign-up/email`, { email, password, name })
      return kept(await post(`${url}/api/auth/sign-in/email`, { email, password }))
    },
    async signOut(url, by) {
      await post(`${url}/api/auth/sign-out`, {}, by)
    },
  },

  authjs: {
    auth: `
      import { ExpressAuth } from '@auth/express'
      import Credentials from '@auth/express/providers/credentials'
      import express from 'express'
      import { callbacks, events } from './session.js'

      const people = ${PEOPLE}
      const providers = [
        Credentials({
          credentials: { username: {} },
          authorize: ({ username }) => people.find((person) => person.username === username) ?? null,
        }),
      ]

      export const appWith = (chat) =>
        express()
          .use('/auth', ExpressAuth({ providers, callbacks, events, secret: process.env.AUTH_SECRET, trustHost: true }))
          .use('/support', chat)
    `,
    async signIn(url, who) {
      const { token, cookies } = await csrf(url, { cookie: '' })
      return kept(
        await post(`${url}/auth/callback/credentials`, { csrfToken: token, username: who }, cookies),
        cookies.cookie,
      )
    },
    async signOut(url, by) {
      const { token, cookies } = await csrf(url, by)
      await post(`${url}/auth/signout`, { csrfToken: token }, cookies)
    },
  },

  passport: {
    auth: `
      import express from 'express'
      import session from 'express-session'
      import passport from 'passport'
      import { Strategy } from 'passport-local'

      const people = ${PEOPLE}
      export const findUser = async (id) => people.find((person) => person.id === id)
      export const sessions = new session.MemoryStore()

      passport.use(
        new Strategy((username, password, done) =>
          done(null, password === 'a long password' && people.find((person) => person.username === username)),
        ),
      )
      passport.serializeUser((user, done) => done(null, user.id))
      passport.deserializeUser((id, done) => findUser(id).then((user) => done(null, user), done))

      export const appWith = (chat) =>
        express()
          .use('/support', chat)
          .use(express.json())
          .use(session({ store: sessions, secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }))
          .use(passport.session())
          .post('/login', passport.authenticate('local'), (request, response) => response.end())
          .post('/logout', (request, response, next) => request.logout((error) => (error ? next(error) : response.end())))
    `,
    signIn: async (url, who) => kept(await post(`${url}/login`, { username: who, password: 'a long password' })),
    async signOut(url, by) {
      await post(`${url}/logout`, {}, by)
    },
  },
}

async function csrf(url: string, { cookie }: Cookies): Promise<{ token: string; cookies: Cookies }> {
  const answer = await fetch(`${url}/auth/csrf`, { headers: { cookie } })
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  return { token: csrfToken, cookies: kept(answer, cookie) }
}
