// The user's side of `deskbell/client` on a real server, over a network that holds things back, without a browser.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createUserChat } from '../../src/entries/client.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { ReverseProxy } from '../support/proxies.ts'

let desk: Desk
let proxy: ReverseProxy
beforeEach(async () => {
  const stored = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
  desk = await startDesk()
  proxy = await ReverseProxy.start(desk.port)
})
afterEach(async () => {
  await proxy.stop()
  await desk.stop()
  vi.unstubAllGlobals()
})

const stored = async (token: string): Promise<string[]> => {
  const { body } = await desk.call<{ messages: { content: string }[] }>('GET', '/support_chat/messages', token)
  return body.messages.map(({ content }) => content)
}
async function reply(chatId: string, content: string): Promise<void> {
  await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content })
}

it('what was under way at reset() is stored once, as its writer’s, and nothing of them is shown to who signs in next', async () => {
  const [ada, bob] = [await desk.person('ada'), await desk.person('bob')]
  proxy.weather.upgrades = 'refuse'
  const chat = createUserChat({ server: proxy.url, token: ada.token })
  const replies: string[] = []
  const shown = new Set<string>()
  chat.onReply(({ content }) => replies.push(content))
  const stop = chat.subscribe(() => {
    for (const { content } of [...(chat.state.chat?.messages ?? []), ...chat.state.pending]) shown.add(content)
  })
  await expect.poll(() => chat.state.status).toBe('ready')

  const { promise, resolve } = Promise.withResolvers<void>()
  proxy.weather.held = promise
  await reply(ada.chatId, 'For Ada')
  chat.sendMessage('From Ada')
  await expect.poll(() => stored(ada.token)).toEqual(['For Ada', 'From Ada'])
  expect([...shown]).toEqual(['From Ada'])
  chat.reset()
  shown.clear()
  chat.signIn({ token: bob.token })
  resolve()

  await expect.poll(() => chat.state.chat?.id).toBe(bob.chatId)
  chat.sendMessage('From Bob')
  await expect.poll(() => stored(bob.token)).toEqual(['From Bob'])
  await reply(bob.chatId, 'For Bob')
  await expect.poll(() => replies).toContain('For Bob')
  expect(replies).toEqual(['For Bob'])
  expect([...shown]).toEqual(['From Bob', 'For Bob'])
  expect(await stored(ada.token)).toEqual(['For Ada', 'From Ada'])
  expect(await stored(bob.token)).toEqual(['From Bob', 'For Bob'])
  stop()
})
