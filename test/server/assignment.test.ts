// Who of staff has a chat, on one node and on two.
import { afterEach, describe, expect, it } from 'vitest'
import type { SupportActivity } from '../../src/protocol/activity.ts'
import type { AdminSupportChat, AssignedChat, Colleagues, SupportChatListItem } from '../../src/protocol/types.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { LossyBus } from '../../src/testing/lossy-bus.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

let desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.toReversed()) await desk.stop()
  desks = []
})
async function start(...given: Parameters<typeof startDesk>): Promise<Desk> {
  const desk = await startDesk(...given)
  desks.push(desk)
  return desk
}

const ADMIN = JSON.stringify({ channel: 'AdminNotificationChannel' })
const activityOf = (id: string): string => JSON.stringify({ channel: 'ChatActivityChannel', chat_id: id })
const listen = (desk: Desk, token: string): Promise<TestSocket> =>
  TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
/** A user who has written */
async function written(desk: Desk, id: string): Promise<{ token: string; chatId: string }> {
  const person = await desk.person(id)
  await desk.call('POST', '/support_chat/messages', person.token, { content: 'Hello' })
  return person
}
const assign = (desk: Desk, by: string, chat: string, assignee_id: unknown) =>
  desk.call<AssignedChat>('POST', `/admin/chats/${chat}/assign`, by, { assignee_id })
const opened = async (desk: Desk, by: string, chat: string): Promise<AdminSupportChat> =>
  (await desk.call<AdminSupportChat>('GET', `/admin/chats/${chat}`, by)).body
const list = async (desk: Desk, by: string, query: string): Promise<SupportChatListItem[]> =>
  (await desk.call<SupportChatListItem[]>('GET', `/admin/chats${query}`, by)).body
const staffOf = async (desk: Desk, by: string) => (await desk.call<Colleagues>('GET', '/admin/staff', by)).body.staff
/** Everybody who was just here is known by now */
const known = (desk: Desk, by: string, ...ids: string[]): Promise<unknown> =>
  until(async () => {
    const staff = await staffOf(desk, by)
    return ids.every((id) => staff.some((one) => one.id === id))
  })

describe('assigning a chat', () => {
  it('gives it to somebody of staff or to nobody, is told to staff alone, and is refused where it cannot be', async () => {
    const desk = await start()
    const { token, chatId: id } = await written(desk, 'ada')
    const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
    const [staff, user] = [await listen(desk, sam), await listen(desk, token)]
    await staff.subscribe(ADMIN)
    await staff.subscribe(activityOf(id))
    await user.subscribe(chatId(id))
    await staffOf(desk, anna)
    await known(desk, sam, 'anna', 'sam')
    const SAM = { id: 'sam', name: 'Sam' }
    expect(await assign(desk, anna, id, 'sam')).toMatchObject({ status: 200, body: { id, assignee: SAM } })
    expect(await assign(desk, sam, id, 'sam')).toMatchObject({ status: 200, body: { assignee: SAM } })
    expect(await opened(desk, anna, id)).toMatchObject({ assignee: SAM })
    expect(await assign(desk, sam, id, null)).toMatchObject({ status: 200, body: { assignee: null } })
    expect(await opened(desk, anna, id)).toMatchObject({ assignee: null })
    // Who is new is known to themselves at once
    expect(await assign(desk, await desk.admin('zoe'), id, 'zoe')).toMatchObject({ status: 200 })

    for (const [body, status] of [
      ['nobody-of-staff', 422],
      ['ada', 422],
      ['', 400],
      [7, 400],
      ['x'.repeat(201), 400],
      [undefined, 400],
    ] as const)
      expect([body, (await assign(desk, sam, id, body)).status]).toEqual([body, status])
    expect((await assign(desk, sam, crypto.randomUUID(), 'sam')).status).toBe(404)
    expect((await assign(desk, token, id, 'sam')).status).toBe(403)
    expect((await desk.call('GET', '/admin/staff', token)).status).toBe(403)

    const told = (): SupportActivity[] =>
      staff.events('new_activity').map(({ activity }) => activity as SupportActivity)
    await until(() => told().length === 3)
    expect(told().map(({ actor_id, body }) => [actor_id, body])).toEqual([
      ['anna', { assignee_id: 'sam', assignee_name: 'Sam', by_reply: false }],
      ['sam', { assignee_id: null, assignee_name: null, by_reply: false }],
      ['zoe', { assignee_id: 'zoe', assignee_name: 'Sam', by_reply: false }],
    ])
    const rows = () => staff.events('chat_updated').map(({ chat }) => (chat as SupportChatListItem).assignee?.id)
    await until(() => rows().at(-1) === 'zoe')
    await user.fence()
    expect(user.texts.join()).not.toMatch(/assign|sam|zoe/i)
    for (const socket of [staff, user]) socket.close()
  })

  it('by a reply, where nobody has it and the host wants it so; the host’s own code takes none', async () => {
    for (const assignOnReply of [true, false]) {
      const desk = await start({ assignOnReply })
      const { chatId: id } = await written(desk, 'ada')
      const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
      await desk.deskbell.chats.send({ userId: 'ada', as: { id: 'bot', name: 'Bot' }, content: 'A moment' })
      expect((await opened(desk, sam, id)).assignee).toBeNull()
      const socket = await listen(desk, sam)
      await socket.subscribe(chatId(id))
      socket.send({
        command: 'message',
        identifier: chatId(id),
        data: JSON.stringify({ action: 'send_message', content: 'I look', client_id: 'c' }),
      })
      await until(() => socket.events('new_message').length > 0)
      await desk.call('POST', `/admin/chats/${id}/messages`, anna, { content: 'Me too' })
      const { assignee, activity } = await opened(desk, sam, id)
      expect([assignOnReply, assignee?.id ?? null]).toEqual([assignOnReply, assignOnReply ? 'sam' : null])
      expect(activity.activities.map(({ kind, actor_id }) => [kind, actor_id])).toEqual(
        assignOnReply ? [['assigned', 'sam']] : [],
      )
      socket.close()
    }
  })

  it('by the host’s own code gives it to whom the host names, and says so to staff without an actor', async () => {
    const desk = await start()
    const sam = await desk.admin('sam')
    const { chatId: id } = await written(desk, 'ada')
    const { chats } = desk.deskbell
    const anna = { id: 'anna', name: 'Anna' }
    expect(await chats.assign({ userId: 'ada', to: anna })).toBe(true)
    expect(await chats.assign({ userId: 'ada', to: anna })).toBe(false)
    expect(await opened(desk, sam, id)).toMatchObject({ assignee: anna })
    expect(await chats.assign({ userId: 'ada', to: null })).toBe(true)
    const { assignee, activity } = await opened(desk, sam, id)
    expect([assignee, activity.activities.map(({ kind, actor_id, body }) => [kind, actor_id, body])]).toEqual([
      null,
      [
        ['assigned', null, { assignee_id: 'anna', assignee_name: 'Anna', by_reply: false }],
        ['assigned', null, { assignee_id: null, assignee_name: null, by_reply: false }],
      ],
    ])
    await expect(chats.assign({ userId: 'nobody', to: anna })).rejects.toMatchObject({ code: 'not_found' })
    await expect(chats.assign({ userId: 'ada', to: { id: '' } })).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('filters the list, page by page, and not together with a search', async () => {
    const desk = await start()
    const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
    const chats: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) chats.push((await written(desk, name)).chatId)
    for (const chat of [chats[0], chats[2], chats[4]]) await assign(desk, sam, chat ?? '', 'sam')
    await assign(desk, anna, chats[1] ?? '', 'anna')
    const ids = async (by: string, query: string) => (await list(desk, by, query)).map(({ user_id }) => user_id)
    expect(await ids(sam, '?assignee=me')).toEqual(['e', 'c', 'a'])
    expect(await ids(anna, '?assignee=me')).toEqual(['b'])
    expect(await ids(sam, '?assignee=none')).toEqual(['d'])
    expect(await ids(sam, '')).toEqual(['e', 'd', 'c', 'b', 'a'])
    await desk.call('POST', `/admin/chats/${chats[2]}/archive`, sam)
    expect(await ids(sam, '?assignee=me&archived=true')).toEqual(['c'])
    const first = await desk.call<SupportChatListItem[]>('GET', '/admin/chats?assignee=me&limit=1', sam)
    expect(first.body[0]).toMatchObject({ user_id: 'e', assignee: { id: 'sam', name: 'Sam' } })
    const next = /<([^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    expect(await ids(sam, new URL(next, desk.url).search)).toEqual(['a'])
    for (const query of ['?assignee=sam', '?assignee=me&q=b'])
      expect((await desk.call('GET', `/admin/chats${query}`, sam)).status).toBe(400)
    expect(await ids(sam, '?assignee=me&q=')).toEqual(['e', 'a'])
  })

  it('at once on two nodes settles the same way on every screen, also with doubled and late hints', async () => {
    const bus = new LossyBus()
    bus.faults = { lose: 0, double: 0.5, delay: 30 }
    const one = await start({ bus: bus.node() })
    const two = await start({ bus: bus.node() }, one.file)
    const { chatId: id } = await written(one, 'ada')
    const [sam, anna] = [await one.admin('sam'), await one.admin('anna')]
    const screens = [await listen(one, sam), await listen(two, anna)]
    for (const screen of screens) {
      await screen.subscribe(ADMIN)
      await screen.subscribe(activityOf(id))
    }
    for (let round = 0; round < 20; round++)
      await Promise.all([assign(one, sam, id, round % 3 ? 'sam' : null), assign(two, anna, id, 'anna')])
    const { activity, assignee } = await opened(two, anna, id)
    const last = activity.activities.at(-1)?.seq ?? 0
    const heard = (screen: TestSocket) =>
      screen.events('new_activity').map(({ activity: one }) => one as Extract<SupportActivity, { kind: 'assigned' }>)
    await until(() => screens.every((screen) => heard(screen).at(-1)?.seq === last))
    for (const screen of screens) {
      expect(heard(screen).map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, i) => i + 1))
      expect(heard(screen).at(-1)?.body.assignee_id ?? null).toBe(assignee?.id ?? null)
    }
    const row = (screen: TestSocket) => screen.events('chat_updated').map(({ chat }) => chat as SupportChatListItem)
    await until(() => screens.every((screen) => row(screen).at(-1)?.assignee?.id === assignee?.id))
    for (const screen of screens) screen.close()
  })
})

describe('colleagues', () => {
  it('are who was here as staff, by name, and online while they have the desk open on any node', async () => {
    const bus = new LossyBus()
    const one = await start({ bus: bus.node() })
    const two = await start({ bus: bus.node() }, one.file)
    const [sam, anna] = [await one.admin('sam'), await one.admin('anna')]
    await one.person('ada')
    const socket = await listen(two, anna)
    await socket.subscribe(ADMIN)
    await known(one, sam, 'sam', 'anna')
    const online = async () => (await staffOf(one, sam)).filter((person) => person.online).map(({ id }) => id)
    await until(async () => (await online()).join() === 'anna')
    expect((await staffOf(two, sam)).map(({ id, name }) => [id, name])).toEqual([
      ['anna', 'Sam'],
      ['sam', 'Sam'],
    ])
    socket.close()
    await until(async () => (await online()).length === 0)
  })

  it('are not those whose credentials were all revoked since they were here', async () => {
    const desk = await start()
    const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
    await staffOf(desk, anna)
    await known(desk, sam, 'anna')
    await desk.deskbell.revoke({ id: 'anna', role: 'admin' })
    expect((await staffOf(desk, sam)).map(({ id }) => id)).toEqual(['sam'])
  })

  it('are those again who sign in anew, though it is within the same minute', async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000 - 120_000
    const clock = new FakeClock(minute + 5_000)
    const desk = await start({ clock })
    const signIn = (sub: string) =>
      desk.tokens.sign(
        { sub, email: `${sub}@desk.example`, name: 'Sam' },
        { audience: AUDIENCE.admin, issuedAt: clock.now(), expiresIn: 3_600 },
      )
    const [sam, anna] = [await signIn('sam'), await signIn('anna')]
    const ids = async () => (await staffOf(desk, sam)).map(({ id }) => id).join()
    // Both have been seen, and are noted a second later
    await staffOf(desk, anna)
    await ids()
    await clock.advance(1_000)
    await until(async () => (await ids()) === 'anna,sam')
    await clock.advance(1_000)
    await desk.deskbell.revoke({ id: 'anna', role: 'admin' })
    expect(await ids()).toBe('sam')
    await clock.advance(2_000)
    await staffOf(desk, await signIn('anna'))
    await clock.advance(1_000)
    await until(async () => (await ids()) === 'anna,sam')
    // Nobody was written anew because a minute was over
    expect(clock.now()).toBeLessThan(minute + 60_000)
  })
})

describe('a colleague who left', () => {
  it('has no chats any more, active or archived, which all of staff see at once, and can be given none', async () => {
    const desk = await start()
    const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
    await staffOf(desk, anna)
    await known(desk, sam, 'anna', 'sam')
    const chats: string[] = []
    for (let i = 0; i < 60; i++) {
      const { chatId: id } = await written(desk, `u${i}`)
      chats.push(id)
      await assign(desk, sam, id, i === 0 ? 'sam' : 'anna')
      if (i > 50) await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    }
    const [kept = '', first = '', ...others] = chats
    const socket = await listen(desk, sam)
    await socket.subscribe(ADMIN)
    const end = desk.deskbell.removeStaff('anna')
    // Taken over at the same time, it stays with who took it
    await assign(desk, sam, first, 'sam')
    await end
    expect((await desk.call('GET', '/admin/chats', anna)).body['code']).toBe('token_revoked')
    const idsOf = async (query: string) => (await list(desk, sam, `?limit=100&${query}`)).map(({ id }) => id).sort()
    await until(
      async () => (await idsOf('assignee=none')).length + (await idsOf('assignee=none&archived=true')).length === 58,
    )
    expect([...(await idsOf('assignee=none')), ...(await idsOf('assignee=none&archived=true'))].sort()).toEqual(
      others.sort(),
    )
    expect(await idsOf('assignee=me')).toEqual([kept, first].sort())
    const last = others.at(-1) ?? ''
    await until(() =>
      socket.frames.some(
        (frame) => JSON.stringify(frame).includes(last) && JSON.stringify(frame).includes('"assignee":null'),
      ),
    )
    const { activities } = await desk.store.activities(last, { after: 0, limit: 9 })
    expect(activities.at(-1)).toMatchObject({ kind: 'assigned', actor_id: null, body: { assignee_id: null } })
    expect((await assign(desk, sam, last, 'anna')).body).toMatchObject({ code: 'unknown_colleague' })
    expect((await staffOf(desk, sam)).map(({ id }) => id)).toEqual(['sam'])
  })

  it('loses no chats by signing out, nor those that they get after coming back', async () => {
    const desk = await start()
    const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
    await staffOf(desk, anna)
    await known(desk, sam, 'anna')
    const { chatId: id } = await written(desk, 'ada')
    await assign(desk, sam, id, 'anna')
    await desk.deskbell.revoke({ id: 'anna', role: 'admin' })
    await start({}, desk.file)
    expect(await opened(desk, sam, id)).toMatchObject({ assignee: { id: 'anna' } })
    await desk.deskbell.removeStaff('anna')
    await until(async () => (await opened(desk, sam, id)).assignee === null)
    const back = await desk.admin('anna')
    await staffOf(desk, back)
    await known(desk, sam, 'anna')
    expect((await assign(desk, sam, id, 'anna')).status).toBe(200)
    // A start learns again of everybody who ever left
    const another = await start({}, desk.file)
    await list(another, sam, '')
    expect(await opened(another, sam, id)).toMatchObject({ assignee: { id: 'anna' } })
  })
})
