// The host's own table says who users are: what is stored follows it, and the chat does not depend on it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadUsers, UserRow } from '../../src/entries/node.ts'
import { USERS_HOLD, USERS_REST, USERS_WITHIN, WAIT_FOR_HOST } from '../../src/server/people/host-users.ts'
import type { AdminSupportChat, SupportChatListItem, SupportUser } from '../../src/protocol/types.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, TestSocket, V1 } from '../support/socket.ts'

const NOTIFY_AFTER = 300_000

let table: UserRow[]
let users: ReadUsers
let asked: string[][]
let clock: SkippingClock
let desk: Desk
beforeEach(async () => {
  table = []
  users = (ids) => table.filter(({ id }) => ids.includes(String(id)))
  asked = []
  clock = new SkippingClock()
  desk = await startDesk({
    clock,
    notifyAfter: NOTIFY_AFTER,
    rateLimit: null,
    users: (ids) => {
      asked.push(ids)
      return users(ids)
    },
  })
})
afterEach(() => desk.stop())

const row = (id: string, email: string | null, name: string | null = null): UserRow => ({ id, email, name })
const stored = async (id: string) => (await desk.store.findPerson(id)) as SupportUser
async function write(id: string): Promise<{ token: string; chatId: string }> {
  const person = await desk.person(id)
  await desk.call('POST', '/support_chat/messages', person.token, { content: 'Hello' })
  return person
}
const staff = async <Body>(path: string) => (await desk.call<Body>('GET', path, await desk.admin())).body
const list = () => staff<SupportChatListItem[]>('/admin/chats')
const reply = async (chatId: string) =>
  desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'A reply' })

describe('what is stored', () => {
  it('is what the table says, from the first visit on, whatever the token says', async () => {
    table = [{ ...row('ada', 'table@example.com', 'From the table'), attributes: { plan: 'Pro' } }]
    await desk.person('ada')
    const described = { email: 'table@example.com', name: 'From the table', attributes: { plan: 'Pro' } }
    expect(await stored('ada')).toMatchObject(described)
    await desk.call('GET', '/support_chat?page=https://desk.example/next', await desk.user('ada'))
    await until(async () => (await stored('ada')).page_url !== null)
    expect(await stored('ada')).toMatchObject(described)
  })

  it.each<[string, Omit<UserRow, 'id'>, Omit<UserRow, 'id'>]>([
    ['an address', { email: 'one@table.example' }, { email: 'two@table.example' }],
    ['a name', { name: 'One' }, { name: 'Two' }],
    ['attributes', { attributes: { plan: 'One' } }, { attributes: { plan: 'Two' } }],
  ])('keeps what a row of %s alone leaves out, at every visit and between them', async (_what, one, two) => {
    const said = { email: 'ada@example.com', name: 'Ada', attributes: { plan: 'Free' } }
    const token = await desk.tokens.sign({ sub: 'ada', ...said }, { audience: 'deskbell', expiresIn: 3_600 })
    table = [{ id: 'ada', ...one }]
    await desk.call('GET', '/support_chat', token)
    expect(await stored('ada')).toMatchObject({ ...said, ...one })
    await clock.skip(USERS_HOLD)
    table = [{ id: 'ada', ...two }]
    await desk.call('GET', '/support_chat', token)
    await expect.poll(() => stored('ada')).toMatchObject({ ...said, ...two })
    await clock.skip(USERS_HOLD)
    table = [{ id: 'ada', ...one }]
    await desk.deskbell.exportPerson('ada')
    expect(await stored('ada')).toMatchObject({ ...said, ...one })
  })

  it('is what the token says, for those who are not in the table', async () => {
    await desk.person('ada')
    expect(await stored('ada')).toMatchObject({ email: 'ada@example.com', name: 'User ada' })
  })

  it('loses the address that was removed from the table, and keeps that of a row that was', async () => {
    table = [row('ada', 'ada@table.example')]
    const { chatId } = await write('ada')
    table = []
    await clock.skip(USERS_HOLD)
    await staff(`/admin/chats/${chatId}`)
    expect(await stored('ada')).toMatchObject({ email: 'ada@table.example' })
    table = [row('ada', null)]
    await clock.skip(USERS_HOLD)
    await staff(`/admin/chats/${chatId}`)
    expect(await stored('ada')).toMatchObject({ email: '' })
  })
})

describe('staff see the table of now', () => {
  it('in the list, in a chat, and in the chat that they have open', async () => {
    table = [row('ada', 'old@example.com'), row('bob', 'bob@table.example')]
    const { chatId } = await write('ada')
    await write('bob')
    const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${await desk.admin()}`, [V1])
    await socket.subscribe(ADMIN)
    await clock.skip(USERS_HOLD)
    table = [row('ada', 'new@example.com', 'Ada'), row('bob', 'bob@table.example')]
    asked = []
    expect((await list()).map(({ user_email }) => user_email).toSorted()).toEqual([
      'bob@table.example',
      'new@example.com',
    ])
    // A page of the list is one call
    expect(asked.map((ids) => ids.toSorted())).toEqual([['ada', 'bob']])
    const { user } = await socket.event('person_updated')
    expect(user).toMatchObject({ id: 'ada', email: 'new@example.com', name: 'Ada' })
    await clock.skip(USERS_HOLD)
    table = [row('ada', 'newer@example.com', 'Ada')]
    const chat = await staff<AdminSupportChat>(`/admin/chats/${chatId}`)
    expect([chat.user_email, chat.user.email]).toEqual(['newer@example.com', 'newer@example.com'])
    socket.close()
  })

  it('and each answer counts for a minute', async () => {
    await write('ada')
    await list()
    asked = []
    for (let n = 0; n < 3; n++) await list()
    expect(asked).toEqual([])
    await clock.skip(USERS_HOLD)
    await list()
    expect(asked).toEqual([['ada']])
  })

  it('and is not seen as a visit', async () => {
    const { token, chatId } = await write('ada')
    // Once this visit is stored, none is left that could be written over what follows
    await desk.call('GET', '/support_chat?page=https://desk.example/', token)
    await until(async () => (await stored('ada')).page_url !== null)
    const { last_seen_at } = await stored('ada')
    await clock.skip(10 * USERS_HOLD)
    table = [row('ada', 'new@example.com')]
    await staff(`/admin/chats/${chatId}`)
    expect(await stored('ada')).toMatchObject({ email: 'new@example.com', last_seen_at })
  })
})

describe('a mail about a reply', () => {
  it('goes to the address of now', async () => {
    const { chatId } = await write('ada')
    await reply(chatId)
    table = [row('ada', 'moved@example.com', 'Ada')]
    await clock.skip(NOTIFY_AFTER)
    const mail = await until(() => desk.mails[0])
    expect(mail.to).toEqual({ name: 'Ada', address: 'moved@example.com' })
    const exported = (await new Response(await desk.deskbell.exportPerson('ada')).json()) as { mails: object[] }
    await until(async () => (await desk.store.personalData('ada'))?.mails[0]?.state === 'sent')
    expect(exported.mails).toMatchObject([{ address: 'moved@example.com' }])
    await clock.skip(NOTIFY_AFTER)
    expect(desk.mails).toHaveLength(1)
  })

  it('goes to somebody whose address only the table knows', async () => {
    table = [row('ada', null)]
    const { chatId } = await write('ada')
    await clock.skip(USERS_HOLD)
    table = [row('ada', 'found@example.com')]
    await reply(chatId)
    await until(async () => (await stored('ada')).email !== '')
    await clock.skip(NOTIFY_AFTER)
    expect((await until(() => desk.mails[0])).to.address).toBe('found@example.com')
  })

  it('is not sent to an address that was removed', async () => {
    table = [row('ada', 'ada@example.com')]
    const { chatId } = await write('ada')
    await reply(chatId)
    table = [row('ada', null)]
    await clock.skip(NOTIFY_AFTER)
    await until(async () => (await stored('ada')).email === '')
    await clock.skip(NOTIFY_AFTER)
    expect(desk.mails).toEqual([])
  })

  it('is sent while the table cannot be read', async () => {
    const { chatId } = await write('ada')
    await reply(chatId)
    users = () => Promise.reject(new Error('no table'))
    await clock.skip(NOTIFY_AFTER)
    expect((await until(() => desk.mails[0])).to.address).toBe('ada@example.com')
  })
})

it('a person’s copy of their data is as in the table', async () => {
  await desk.person('ada')
  await clock.skip(USERS_HOLD)
  table = [{ ...row('ada', 'new@example.com', 'Ada'), attributes: { plan: 'Pro' } }]
  const exported = (await new Response(await desk.deskbell.exportPerson('ada')).json()) as { user: SupportUser }
  expect(exported.user).toMatchObject({ email: 'new@example.com', name: 'Ada', attributes: { plan: 'Pro' } })
})

describe('whatever the table does, the chat works', () => {
  beforeEach(() => clock.stand())

  it.each<[string, ReadUsers, string]>([
    [
      'throws',
      () => {
        throw new Error('no table')
      },
      'Error: no table',
    ],
    ['rejects', () => Promise.reject(new Error('no table')), 'Error: no table'],
    ['returns no list', () => ({ ada: {} }) as never, 'Error: users must return a list of users'],
    ['returns what is no user', () => [null] as never, 'Error: users returned a user without an id'],
  ])('when it %s, what is stored stays, and the host is told once', async (_title, wrong, told) => {
    table = [row('ada', 'ada@table.example')]
    const { chatId } = await write('ada')
    users = wrong
    for (let n = 0; n < 3; n++) {
      await clock.skip(USERS_HOLD)
      expect((await list()).map(({ user_email }) => user_email)).toEqual(['ada@table.example'])
      await desk.call('GET', '/support_chat', await desk.user('ada'))
      expect((await staff<AdminSupportChat>(`/admin/chats/${chatId}`)).user.email).toBe('ada@table.example')
    }
    await clock.skip(2_000)
    expect(await stored('ada')).toMatchObject({ email: 'ada@table.example' })
    expect(desk.errors.map(String)).toEqual([told])
  })

  it('when it does not answer, staff wait for a second, and see it when it comes', async () => {
    const { chatId } = await write('ada')
    await clock.skip(USERS_HOLD)
    let answer = (_rows: UserRow[]): void => undefined
    users = () => new Promise((resolve) => (answer = resolve))
    asked = []
    const waiting = staff<AdminSupportChat>(`/admin/chats/${chatId}`)
    await until(() => asked.length === 1)
    await clock.skip(WAIT_FOR_HOST)
    expect((await waiting).user.email).toBe('ada@example.com')
    answer([row('ada', 'late@example.com')])
    await until(async () => (await stored('ada')).email === 'late@example.com')
    expect(desk.errors).toEqual([])
  })

  it('while it does not answer, it is not asked again for the same people', async () => {
    const { chatId } = await write('ada')
    await clock.skip(USERS_HOLD)
    let answer = (_rows: UserRow[]): void => undefined
    users = () => new Promise((resolve) => (answer = resolve))
    asked = []
    const waiting = Promise.all([list(), list(), staff(`/admin/chats/${chatId}`)])
    // They wait for a second of the real time, too
    await waiting
    expect(asked).toEqual([['ada']])
    answer([row('ada', 'late@example.com')])
    await until(async () => (await stored('ada')).email === 'late@example.com')
    await list()
    expect(asked).toEqual([['ada']])
  })

  it('when it never answers, it is left alone for a while', async () => {
    await write('ada')
    await clock.skip(USERS_HOLD)
    users = () => new Promise(() => undefined)
    asked = []
    const waiting = list()
    await until(() => asked.length === 1)
    await clock.skip(USERS_WITHIN)
    await waiting
    await until(() => desk.errors.length === 1)
    expect(String(desk.errors[0])).toBe('Error: users took longer than 5 s')
    asked = []
    await list()
    expect(asked).toEqual([])
    users = () => []
    await clock.skip(USERS_REST)
    await list()
    expect(asked).toEqual([['ada']])
  })

  it('does not bring back an erased person', async () => {
    table = [row('ada', 'ada@table.example')]
    await write('ada')
    await desk.deskbell.erasePerson('ada')
    await clock.skip(USERS_HOLD)
    await list()
    expect(await desk.store.findPerson('ada')).toBeUndefined()
  })
})
