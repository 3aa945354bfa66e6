// Typing and presence: both ways, to every tab, over reconnects; nothing of it is stored or counted, and a mark whose sender
// vanished ends by itself.
import './model/fast.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { Device, memoryStorage } from './model/device.ts'

let desk: Desk
const devices: Device[] = []
beforeEach(async () => {
  desk = await startDesk({ rateLimit: null })
})
afterEach(async () => {
  await Promise.all(devices.splice(0).map((one) => one.stop()))
  await desk.stop()
})

async function person(): Promise<{ token: string; chatId: string }> {
  const token = await desk.user('ada', 86_400)
  const { body } = await desk.call<{ id: string }>('GET', '/support_chat', token)
  return { token, chatId: body.id }
}

async function device(name: string, role: 'user' | 'admin', token: string, chatId: string): Promise<Device> {
  const storage = memoryStorage()
  const one = await Device.start({ name, role, token, chatId, port: desk.port, storage, random: () => 1 })
  devices.push(one)
  await until(
    () => one.conversation?.state.status === 'ready' && one.conversation.state.connection === 'connected',
    60_000,
  )
  return one
}

const typing = (one: Device) => one.conversation?.state.typing
const say = (one: Device): void => one.conversation?.setTyping(true)

it('typing is seen by every tab of the other side, both ways, and by nobody on this one', async () => {
  const { token, chatId } = await person()
  const staffToken = await desk.admin('sam', 86_400)
  const [tab, phone, staff, colleague] = await Promise.all([
    device('tab', 'user', token, chatId),
    device('phone', 'user', token, chatId),
    device('staff', 'admin', staffToken, chatId),
    device('colleague', 'admin', staffToken, chatId),
  ])
  await until(() => (say(tab), typing(staff) && typing(colleague)))
  expect(typing(phone)).toBeNull()
  await until(() => (say(staff), typing(tab) && typing(phone)))
  expect(typing(tab)).toEqual({ name: 'Sam' })
  await until(() => phone.conversation?.state.admins_online === 1)

  const { body } = await desk.call<{ messages: unknown[]; unread_count: number }>('GET', '/support_chat', token)
  expect(body).toMatchObject({ messages: [], unread_count: 0 })
  expect(tab.conversation?.state.unread_count).toBe(0)

  // A message ends the mark of the one who wrote it
  staff.send('done')
  await until(() => tab.conversation?.state.messages.length === 1)
  expect(typing(tab)).toBeNull()
})

it('typing works again after a reconnect', async () => {
  const { token, chatId } = await person()
  const user = await device('user', 'user', token, chatId)
  const staff = await device('staff', 'admin', await desk.admin('sam', 86_400), chatId)
  user.line.cut()
  staff.line.cut()
  await until(() => (say(user), typing(staff)), 120_000)
  await until(() => (say(staff), typing(user)), 120_000)
  await until(() => staff.conversation?.state.user_online, 120_000)
})

it.each(['cut', 'blackhole'] as const)('typing ends when its sender vanishes (%s)', async (fault) => {
  const { token, chatId } = await person()
  const user = await device('user', 'user', token, chatId)
  const staff = await device('staff', 'admin', await desk.admin('sam', 86_400), chatId)
  await until(() => (say(user), typing(staff)))
  if (fault === 'cut') {
    user.line.refuse(true)
    user.line.cut()
  } else user.line.blackhole(true)
  await until(() => typing(staff) === null)
  // The server finds out, at the latest by its pings, that nobody is there
  await until(() => staff.conversation?.state.user_online === false, 120_000)
})
