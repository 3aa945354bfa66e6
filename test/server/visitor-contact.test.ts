// What people without an account say about themselves: anybody can type any address, so it opens nothing, and a mail to it says nothing.
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { visitorId } from '../../src/server/people/visitors.ts'
import { systemClock } from '../../src/server/ports/clock.ts'
import type { Mail } from '../../src/server/ports/mailer.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, TestSocket } from '../support/socket.ts'

const HOUR = 3_600_000
const OPTIONS = {
  visitors: true,
  notifyAfter: 20,
  publicUrl: 'https://desk.example/support',
  basePath: '/',
  allowedOrigins: ['https://shop.example'],
  mailReplies: { domain: 'reply.example', secret: 's'.repeat(32) },
}
let desk: Desk
let mails: Mail[]
/** Milliseconds by which the clocks of nodes that start now are ahead */
let ahead = 0
const mailer = { send: async (mail: Mail) => void mails.push(mail) }
beforeEach(async () => {
  ahead = 0
  mails = []
  desk = await startDesk({ ...OPTIONS, mailer })
})
afterEach(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const newToken = (): string => `dbv_${randomBytes(32).toString('base64url')}`
const say = (token: string, content = 'Hello') => desk.call('POST', '/support_chat/messages', token, { content })
const read = (token: string) => desk.call('GET', '/support_chat/contact', token)
const save = (token: string, body: object) => desk.call('POST', '/support_chat/contact', token, body)

/** Somebody who has written, and said this about themselves */
async function visitor(contact: object) {
  const token = newToken()
  await say(token, 'My secret question')
  const { status } = await save(token, contact)
  const id = await visitorId(token)
  const chatId = (await desk.store.findChatOf(id))?.id ?? ''
  return { token, id, chatId, status }
}
async function reply(chatId: string, content = 'Our secret answer'): Promise<void> {
  const { status } = await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content })
  expect(status).toBe(201)
}
/** The mails to the address, so much later, once nothing is due any more */
async function mailsAfter(ms: number, address: string) {
  ahead += ms
  const now = () => Date.now() + ahead
  const later = await startDesk({ ...OPTIONS, mailer, clock: { ...systemClock, now } }, desk.file)
  await until(async () => {
    const next = await later.store.nextNotification('reply')
    return next === undefined || next > new Date(now() + HOUR).toISOString()
  })
  await later.stop()
  expect(later.errors).toEqual([])
  return mails.filter(({ to }) => to.address === address)
}

describe('what a visitor says about themselves', () => {
  it('is taken after the first message, checked, shown to staff at once, and taken back', async () => {
    const token = newToken()
    expect([(await save(token, { email: 'jo@example.com' })).status, (await read(token)).body]).toEqual([
      404,
      { email: '', name: null },
    ])
    await say(token)
    const sam = await desk.admin()
    const staff = await TestSocket.open(`${desk.wsUrl}/cable?jid=${sam}`)
    await staff.subscribe(ADMIN)
    const saved = await save(token, { email: ' Jo@Example.com ', name: ' Jo\nDoe ' })
    expect([saved.status, saved.body]).toEqual([200, { email: 'jo@example.com', name: 'Jo Doe' }])
    await until(() => staff.frames.some((frame) => JSON.stringify(frame).includes('jo@example.com')))
    staff.close()
    // A visit says nothing of them, and changes nothing
    await desk.call('GET', '/support_chat?page=https://shop.example/', token)
    const person = async () => desk.store.findPerson(await visitorId(token))
    await until(async () => (await person())?.page_url === 'https://shop.example/')
    const { body } = await desk.call<{ user_name: string }[]>('GET', '/admin/chats', sam)
    expect([body[0]?.user_name, (await read(token)).body]).toEqual(['Jo Doe', saved.body])
    for (const email of ['jo', 'jo@', 'a@b.example, c@d.example', 'x'.repeat(999)])
      expect([email, (await save(token, { email })).status]).toEqual([email, 400])
    expect((await save(token, {})).body).toEqual({ email: '', name: null })
    expect(await person()).toMatchObject({ email: '', name: null })
  })

  it('is not for people with an account, nor for anybody else to see', async () => {
    const { token, chatId } = await visitor({ email: 'ada@example.com', name: 'Ada' })
    const { token: ada, chatId: adas } = await desk.person('ada')
    await say(ada, 'A question of Ada')
    const other = newToken()
    await say(other)
    const adasOwn = { email: 'ada@example.com', name: 'User ada' }
    const saved = await save(ada, { email: 'other@example.com' })
    expect([saved.body, (await read(ada)).body]).toEqual([adasOwn, adasOwn])
    expect((await read(other)).body).toEqual({ email: '', name: null })
    // The same address opens nothing, in neither direction
    for (const [who, own, theirs] of [
      [token, 'My secret question', adas],
      [ada, 'A question of Ada', chatId],
    ] as const) {
      const { body } = await desk.call<{ messages: { content: string }[] }>('GET', '/support_chat/messages', who)
      expect(body.messages.map(({ content }) => content)).toEqual([own])
      const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${who}`)
      const identifier = JSON.stringify({ channel: 'ChatChannel', chat_id: theirs })
      socket.send({ command: 'subscribe', identifier })
      await until(() => socket.frames.some(({ type }) => type === 'reject_subscription'))
      socket.close()
    }
    expect((await desk.store.findChatOf('ada'))?.id).toBe(adas)
  })

  it('goes when they sign in: the account is as it was', async () => {
    const { token } = await visitor({ email: 'other@example.com', name: 'Somebody' })
    const { token: ada } = await desk.person('ada')
    await desk.call('POST', '/support_chat/visitor', ada, { token })
    expect(await desk.store.findPerson('ada')).toMatchObject({ email: 'ada@example.com', name: 'User ada' })
    const { body } = await desk.call('GET', '/admin/chats?q=other', await desk.admin())
    expect(body).toEqual([])
  })

  it('is exported, and erased with the mails to the address', async () => {
    const { id, chatId } = await visitor({ email: 'jo@example.com', name: 'Jo' })
    await reply(chatId)
    expect(await mailsAfter(HOUR, 'jo@example.com')).toHaveLength(1)
    const exported = await new Response(await desk.deskbell.exportPerson(id)).json()
    expect(exported).toMatchObject({
      user: { email: 'jo@example.com', name: 'Jo' },
      mails: [{ address: 'jo@example.com' }],
    })
    await desk.deskbell.erasePerson(id)
    expect(await desk.store.findPerson(id)).toBeUndefined()
  })
})

describe('the mail to an address that was typed', () => {
  it('says that there is a reply, and nothing that anybody wrote, typed or visited; nobody can answer it', async () => {
    const typed = { email: 'victim@example.com', name: 'Buy at spam.example' }
    const { token, chatId } = await visitor(typed)
    await desk.call('GET', '/support_chat?page=https://shop.example/redirect-to-evil', token)
    await reply(chatId)
    const [mail, ...others] = await mailsAfter(HOUR, typed.email)
    if (!mail) expect.fail('no mail')
    expect(others).toEqual([])
    const all = JSON.stringify(mail)
    expect(all).not.toMatch(/secret|spam|redirect|reply\+/)
    expect(mail.to).toEqual({ name: '', address: typed.email })
    expect([mail.replyTo, mail.text]).toEqual([
      undefined,
      expect.stringContaining('https://shop.example/#deskbell-open'),
    ])
    // An account gets its mail as ever
    const ada = await desk.person('ada')
    await say(ada.token)
    await reply(ada.chatId)
    const [usual] = await mailsAfter(HOUR, 'ada@example.com')
    expect([usual?.text, usual?.replyTo]).toEqual([
      expect.stringContaining('Our secret answer'),
      expect.stringContaining('@reply.example'),
    ])
  })

  it('comes once a day, however many visitors typed the address, and not at all to one who has stopped it', async () => {
    const typed = { email: 'victim@example.com' }
    const chats = [await visitor(typed), await visitor({ email: 'VICTIM@example.com' }), await visitor(typed)]
    for (const { chatId } of chats) await reply(chatId)
    expect(await mailsAfter(HOUR, typed.email)).toHaveLength(1)
    const [first, ...others] = await mailsAfter(24 * HOUR, typed.email)
    expect(others).toHaveLength(1)

    const url = /<(.*)>/.exec(first?.headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
    const path = url.slice('https://desk.example/support'.length)
    const press = (where: string) => desk.call('POST', where, undefined, undefined)
    expect((await desk.call('GET', path)).text).toContain('Stop these e-mails?')
    expect((await press(path)).text).toContain('You are unsubscribed')
    expect((await desk.call('GET', path)).text).toContain('You are unsubscribed')
    const another = await visitor(typed)
    await reply(another.chatId)
    expect(await mailsAfter(48 * HOUR, typed.email)).toHaveLength(2)
    // It leads back, too, and an account with this address is another matter
    expect((await press(path.replace('unsubscribe', 'resubscribe'))).status).toBe(200)
    await reply(another.chatId)
    expect(await mailsAfter(HOUR, typed.email)).toHaveLength(3)
  })
})
