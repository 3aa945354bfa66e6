// What a host's `authenticate` may look like, and what it may not; it is compiled, not run.
import {
  createDeskbell,
  mailboxMailer,
  sqliteStore,
  type HostAuthenticate,
  type HostStaff,
  type HostUser,
  type ReadUsers,
} from 'deskbell'

interface AppUser {
  id: number
  email: string | null
  name?: string
  isStaff: boolean
  plan: string | null
  seats?: number
}
declare function userOf(cookie: string | null): Promise<AppUser | undefined>
declare function usersOf(ids: string[]): Promise<AppUser[]>
declare const user: AppUser

const store = await sqliteStore(':memory:')
createDeskbell({
  store,
  mailer: mailboxMailer(store),
  secret: ['n'.repeat(32), 'o'.repeat(32)],
  publicUrl: 'https://example.com',
  // As people write it: numbers as ids, columns that may be null, fields that may be missing, nobody as undefined
  authenticate: async (request) => {
    const user = await userOf(request.headers.get('cookie'))
    return (
      user && {
        id: user.id,
        role: user.isStaff ? 'admin' : 'user',
        email: user.email,
        name: user.name,
        attributes: { plan: user.plan, seats: user.seats, Account: `https://admin.example.com/users/${user.id}` },
      }
    )
  },
})

// Rows of a table as they are, of which other columns are ignored
export const users: ReadUsers = usersOf
export const some: ReadUsers = async (ids) => ids.map((id) => ({ id, email: null }))
// @ts-expect-error a row without an id is nobody's
export const noIds: ReadUsers = async (ids) => ids.map(() => ({ email: 'ada@example.com' }))
// @ts-expect-error a list, and not a map
export const mapped: ReadUsers = async (ids) => new Map(ids.map((id) => [id, { id }]))

export const nobody: HostAuthenticate = () => null
export const atOnce: HostAuthenticate = () => ({ id: '42', role: 'user', expiresAt: Date.now() + 3_600_000 })
export const promised: HostAuthenticate = async () => ({ id: 42, role: 'admin', sessionId: 's1' })
export const byRole: HostAuthenticate = () => (user.isStaff ? staff : customer)
const staff: HostStaff = { id: 1, role: 'admin', name: 'Sam' }
const customer: HostUser = { id: 2, role: 'user', attributes: { plan: 'Pro', seats: 3, trial: false } }

// @ts-expect-error staff is called admin
export const otherRole: HostAuthenticate = () => ({ id: '42', role: 'staff' })
// @ts-expect-error a role that is any text may be any word
export const anyRole: HostAuthenticate = () => ({ id: '42', role: user.plan ?? 'user' })
// @ts-expect-error nobody is a user by default
export const noRole: HostAuthenticate = () => ({ id: '42' })
// @ts-expect-error a person without an id is nobody: null
export const noId: HostAuthenticate = () => ({ role: 'user', email: 'ada@example.com' })
// @ts-expect-error whoever is signed in, and not whether somebody is
export const yes: HostAuthenticate = () => true
// @ts-expect-error a time is a number of milliseconds
export const date: HostAuthenticate = () => ({ id: '42', role: 'user', expiresAt: new Date() })
// @ts-expect-error attributes are plain values
export const nested: HostAuthenticate = () => ({ id: '42', role: 'user', attributes: { company: { name: 'Acme' } } })
// @ts-expect-error staff has none
export const ofStaff: HostStaff = { id: 1, role: 'admin', attributes: { plan: 'Pro' } }
// @ts-expect-error a web-standard Request has no cookies of Express
export const express: HostAuthenticate = (request) => request.cookies.sid
