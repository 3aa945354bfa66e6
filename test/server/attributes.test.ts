// What the host says about a person beside their name: staff see it, nobody else does.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostIdentity } from '../../src/entries/node.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import type { AdminSupportChat, SupportUser } from '../../src/protocol/types.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, TestSocket, V1 } from '../support/socket.ts'

let named: HostIdentity | null
let desk: Desk
beforeEach(async () => {
  named = null
  desk = await startDesk({ authenticate: async () => named })
})
afterEach(() => desk.stop())

const CLAIMS = { sub: 'ada', email: 'ada@example.com', name: 'Ada' }
const signed = (attributes?: Record<string, string | number>) =>
  desk.tokens.sign({ ...CLAIMS, attributes }, { audience: AUDIENCE.user, expiresIn: 600 })
const visit = async (token?: string): Promise<string> => {
  const { status, body } = await desk.call<{ id: string }>('GET', '/support_chat', token)
  expect(status).toBe(200)
  return body.id
}
const shown = async (chat: string) =>
  (await desk.call<AdminSupportChat>('GET', `/admin/chats/${chat}`, await desk.admin())).body.user.attributes

it('come by token or by authenticate, are replaced as a whole, and stay when none are given', async () => {
  const chat = await visit(await signed({ plan: 'Pro', seats: 12 }))
  expect(await shown(chat)).toEqual({ plan: 'Pro', seats: 12 })
  await visit(await signed({ company: 'Analytical Engines' }))
  await until(async () => JSON.stringify(await shown(chat)) === '{"company":"Analytical Engines"}')
  named = { id: 'ada', role: 'user', email: 'new@example.com' }
  await visit()
  await until(async () => (await desk.store.findPerson('ada'))?.email === 'new@example.com')
  expect(await shown(chat)).toEqual({ company: 'Analytical Engines' })
  named = { id: 'ada', role: 'user', attributes: { Account: 'https://admin.example.com/users/1', plan: null } }
  await visit()
  await until(async () => JSON.stringify(await shown(chat)) === '{"Account":"https://admin.example.com/users/1"}')
})

it('that are too long or too many lock nobody out, and the host reads which', async () => {
  const chat = await visit(await signed({ company: 'x'.repeat(300), plan: 'Pro' }))
  expect(await shown(chat)).toEqual({ company: 'x'.repeat(200), plan: 'Pro' })
  named = {
    id: 'bob',
    role: 'user',
    attributes: Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`a${i}`, i])),
  }
  expect(Object.keys(await shown(await visit()))).toHaveLength(30)
  // Once an hour, whoever is next
  expect(desk.errors.map(String)).toEqual([
    'Error: Not all attributes given for user:ada are shown: “company” has more than 200 characters, and is cut. ' +
      'Look at `attributes` where you say who people are',
  ])
})

it('are the host’s alone to give: nothing that a browser sends changes them', async () => {
  const token = await signed({ plan: 'Pro' })
  const chat = await visit(token)
  for (const path of ['/support_chat?attributes[plan]=Max', '/support_chat?attributes=%7B%22plan%22%3A%22Max%22%7D'])
    await desk.call('GET', path, token)
  const body = { content: 'Hello', attributes: { plan: 'Max' }, user: { attributes: { plan: 'Max' } } }
  await desk.call('POST', '/support_chat/messages', token, body)
  await desk.restart()
  expect(await shown(chat)).toEqual({ plan: 'Pro' })
})

it('reach staff who have the chat open when they change, and nobody else', async () => {
  const token = await signed({ plan: 'Free' })
  const chat = await visit(token)
  const staff = await TestSocket.open(`${desk.wsUrl}/cable?jid=${await desk.admin()}`, [V1])
  await staff.subscribe(ADMIN)
  const own = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1])
  await own.subscribe(JSON.stringify({ channel: 'ChatChannel', chat_id: chat }))
  await visit(await signed({ plan: 'canary-plan' }))
  const { message } = await staff.frame((f) => (f.message as { type?: string } | undefined)?.type === 'person_updated')
  expect(message).toMatchObject({ chat_id: chat, user: { id: 'ada', attributes: { plan: 'canary-plan' } } })
  // What this customer can read anywhere
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  await own.frame((f) => (f.message as { type?: string } | undefined)?.type === 'new_message')
  expect(own.texts.join()).not.toContain('canary-plan')
  for (const path of ['/support_chat', '/support_chat/messages', '/support_chat/unread'])
    expect((await desk.call('GET', path, token)).text).not.toContain('canary-plan')
  staff.close()
  own.close()
})

it('are in the person’s export, and erased with them', async () => {
  await visit(await signed({ plan: 'Pro' }))
  const exported = (await new Response(await desk.deskbell.exportPerson('ada')).json()) as { user: SupportUser }
  expect(exported.user.attributes).toEqual({ plan: 'Pro' })
  await desk.deskbell.erasePerson('ada')
  const again = await visit(await desk.tokens.sign(CLAIMS, { audience: AUDIENCE.user, expiresIn: 600 }))
  expect(await shown(again)).toEqual({})
})
