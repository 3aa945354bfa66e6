// The list of chats in which somebody waits for an answer.
import { afterEach, expect, it } from 'vitest'
import type { SupportChatListItem } from '../../src/protocol/types.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
afterEach(() => desk.stop())

it('lists the longest wait first, page by page, until staff answer or archive', async () => {
  desk = await startDesk()
  const sam = await desk.admin()
  const chats = new Map<string, string>()
  for (const id of ['ada', 'bob', 'cyd', 'dan']) {
    const { token, chatId } = await desk.person(id)
    chats.set(id, chatId)
    await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  }
  // Who writes again does not wait anew
  await desk.call('POST', '/support_chat/messages', await desk.user('ada'), { content: 'Anybody?' })
  const names = async (path: string) => {
    const { body, headers } = await desk.call<SupportChatListItem[]>('GET', path, sam)
    const next = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    return { names: body.map(({ user_id }) => user_id), next: next && new URL(next, desk.url).search }
  }
  const first = await names('/admin/chats?waiting=true&limit=2')
  expect(first.names).toEqual(['ada', 'bob'])
  // Viewing is no answer, and the row at which the next page begins may leave meanwhile
  await desk.call('GET', `/admin/chats/${chats.get('ada')}`, sam)
  await desk.call('POST', `/admin/chats/${chats.get('bob')}/messages`, sam, { content: 'Hi' })
  expect(await names(`/admin/chats${first.next}`)).toEqual({ names: ['cyd', 'dan'], next: undefined })
  await desk.call('POST', `/admin/chats/${chats.get('cyd')}/archive`, sam)
  expect((await names('/admin/chats?waiting=true')).names).toEqual(['ada', 'dan'])
  expect((await names('/admin/chats?waiting=false')).names).toHaveLength(3)
  expect((await names('/admin/chats?waiting=true&archived=true')).names).toEqual([])
  for (const query of ['waiting=true&q=a', 'waiting=true&assignee=me', 'waiting=true&tag=vip', 'waiting=1x'])
    expect((await desk.call('GET', `/admin/chats?${query}`, sam)).status).toBe(400)
})
