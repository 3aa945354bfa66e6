// The user's side of `deskbell/client` on a real server, over a network that holds things back, without a browser.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createUserChat } from '../../src/entries/client.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { ReverseProxy } from '../support/proxies.ts'

/** A network whose only way is requests and their answers: nothing comes past what it holds back or answers itself */
const onlyRequests = { upgrades: 'refuse', buffers: true } as const

let desk: Desk
beforeAll(async () => {
  const stored = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
  desk = await startDesk()
})
afterAll(async () => {
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
  const proxy = await ReverseProxy.start(desk.port, onlyRequests)
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
  await proxy.stop()
})

describe('what a proxy answers in place of the server', () => {
  const PAGE = '<!doctype html><title>Welcome</title><p>Sign in to use this network.'

  it.concurrent.for([
    { status: 200, when: 'before' },
    { status: 200, when: 'after' },
    { status: 429, when: 'before' },
    { status: 500, when: 'after' },
    { status: 502, when: 'before' },
    { status: 504, when: 'after' },
    // It would take no message of this size, today or tomorrow
    { status: 413, when: 'before' },
    { status: 403, when: 'after' },
  ] as const)(
    'is no answer: what was written is stored once, in order ($status, $when)',
    async ({ status, when }, { expect }) => {
      const token = await desk.user(`eve${status}${when}`)
      const way = await ReverseProxy.start(desk.port, onlyRequests)
      const chat = createUserChat({ server: way.url, token })
      const stop = chat.subscribe(() => undefined)
      await expect.poll(() => chat.state.status).toBe('ready')
      way.weather.instead = { status, page: PAGE, when }
      chat.sendMessage('One')
      chat.sendMessage('Two')
      const tries = (): number => way.seen.filter((path) => path === '/support_chat/messages').length
      await expect.poll(tries).toBeGreaterThan(1)
      const isFinal = status === 413 || status === 403
      const expected = { status: isFinal ? 'failed' : 'sending', reason: isFinal ? 'http' : null, kept: true }
      await expect.poll(() => chat.state.pending).toMatchObject([expected, expected])
      expect(chat.state.chat?.messages).toEqual([])
      way.weather.instead = null
      if (isFinal) for (const { client_id } of chat.state.pending) chat.retry(client_id)
      await expect.poll(() => stored(token)).toEqual(['One', 'Two'])
      await expect.poll(() => chat.state.pending).toEqual([])
      expect(chat.state.chat?.messages.map(({ content }) => content)).toEqual(['One', 'Two'])
      stop()
      await way.stop()
    },
  )

  it('does not pass for an answer to a read mark either', async () => {
    const { token, chatId } = await desk.person('fay')
    await reply(chatId, 'For Fay')
    const way = await ReverseProxy.start(desk.port, onlyRequests)
    const chat = createUserChat({ server: way.url, token })
    const stop = chat.subscribe(() => undefined)
    await expect.poll(() => chat.state.unreadCount).toBe(1)
    way.weather.instead = { status: 200, page: PAGE, when: 'before' }
    chat.markAsRead()
    // The poll after it shows that its answer is there
    await expect.poll(() => way.seen.join().match(/mark_read.*after=/)).not.toBeNull()
    way.weather.instead = null
    const unread = async () => (await desk.call('GET', '/support_chat/unread', token)).body['unread_count']
    await expect.poll(unread).toBe(0)
    stop()
    await way.stop()
  })
})
