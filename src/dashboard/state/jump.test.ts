import { signal, type Signal } from '@preact/signals'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MessagePage } from '../../protocol/types.ts'
import { MemoryConversation, messages } from '../testing/memory-conversation.ts'
import { Jump } from './jump.ts'
import type { Route } from './navigation.ts'
import type { StaffConversation } from './open-chat.ts'

let route: Signal<Route>
let loaded: Signal<StaffConversation | null>
let conversation: MemoryConversation
let ranges: [string, { before: number; limit: number }][]
/** How the server answers to what is shown apart */
let page: (before: number, limit: number) => Promise<Pick<MessagePage, 'messages'>>
let jump: Jump

beforeEach(() => {
  route = signal({ archived: false, assignee: null, tag: null, waiting: false, chat: 'c1', at: null, page: null })
  conversation = new MemoryConversation()
  conversation.load(500)
  loaded = signal(null)
  ranges = []
  page = async (before, limit) => ({ messages: messages(Math.max(1, before - limit), before - 1) })
  jump = new Jump({
    route,
    conversation: loaded,
    loadMessages: async (chat, range) => {
      ranges.push([chat, range])
      const { messages: found } = await page(range.before, range.limit)
      return { messages: found } as MessagePage
    },
  })
})

const to = (at: number | null): void => {
  route.value = { ...route.value, at }
}
const state = () => jump.state.value
const settled = () => expect.poll(() => state().kind)

describe('a jump to a message', () => {
  it('is none where the address names no message', () => {
    expect(state()).toEqual({ kind: 'none' })
    loaded.value = conversation
    expect(state()).toEqual({ kind: 'none' })
  })

  it('waits for the chat to load', async () => {
    to(490)
    expect(state()).toEqual({ kind: 'going' })
    loaded.value = conversation
    expect(state()).toEqual({ kind: 'here', seq: 490 })
  })

  it('loads the conversation back as far as it must, without a hole', async () => {
    loaded.value = conversation
    to(323)
    expect(state()).toEqual({ kind: 'going' })
    await settled().toBe('here')
    expect(conversation.state.messages.map(({ seq }) => seq)).toEqual(messages(301, 500).map(({ seq }) => seq))
    expect(ranges).toEqual([])
  })

  it('waits for a page that somebody else has asked for', async () => {
    loaded.value = conversation
    conversation.olderPage = 'waits'
    void conversation.loadOlder()
    to(420)
    conversation.arrive()
    await settled().toBe('here')
    expect(conversation.calls.filter((call) => call === 'loadOlder')).toHaveLength(1)
  })

  it('gives up when pages do not come, and can be tried again', async () => {
    loaded.value = conversation
    conversation.olderPage = 'is dropped'
    to(400)
    await settled().toBe('failed')
    expect(conversation.calls.filter((call) => call === 'loadOlder')).toHaveLength(4)
    conversation.olderPage = 'comes'
    jump.again()
    await settled().toBe('here')
  })

  it('says that there is no such message: beyond the newest, or before the first', async () => {
    loaded.value = conversation
    to(501)
    expect(state()).toEqual({ kind: 'missing' })
    conversation.set({ messages: messages(10, 50), has_more: false })
    to(5)
    await settled().toBe('missing')
  })

  it('tells once more when it is asked for once more, so that the message is brought into view again', () => {
    loaded.value = conversation
    to(490)
    const before = state()
    jump.again()
    expect(state()).toEqual(before)
    expect(state()).not.toBe(before)
  })

  it('does not begin again when only the tab changes', () => {
    loaded.value = conversation
    to(490)
    const before = state()
    route.value = { ...route.value, archived: true }
    expect(state()).toBe(before)
  })

  it('that is left for another one, or for none, does not come back', async () => {
    loaded.value = conversation
    conversation.olderPage = 'waits'
    to(460)
    to(440)
    to(490)
    expect(state()).toEqual({ kind: 'here', seq: 490 })
    conversation.arrive()
    await new Promise((resolve) => setTimeout(resolve))
    expect(state()).toEqual({ kind: 'here', seq: 490 })
    to(null)
    expect(state()).toEqual({ kind: 'none' })
  })
})

describe('a message that lies too far back', () => {
  beforeEach(() => {
    conversation.load(2_000)
    loaded.value = conversation
  })

  it('is shown with those around it, apart from the conversation', async () => {
    to(40)
    await settled().toBe('apart')
    expect(state()).toEqual({ kind: 'apart', seq: 40, messages: messages(15, 65) })
    expect(ranges).toEqual([['c1', { before: 66, limit: 51 }]])
    expect(conversation.state.messages).toHaveLength(50)
  })

  it('is missing where the server does not have it', async () => {
    page = async () => ({ messages: messages(1, 20) })
    to(40)
    await settled().toBe('missing')
  })

  it('can be asked for again where there was no answer', async () => {
    const works = page
    page = () => Promise.reject(new Error('No connection'))
    to(40)
    await settled().toBe('failed')
    page = works
    jump.again()
    await settled().toBe('apart')
  })

  it('does not show any more when it comes after the person went on', async () => {
    let answer: () => void = () => {}
    page = (before) =>
      new Promise((resolve) => (answer = () => resolve({ messages: messages(before - 51, before - 1) })))
    to(40)
    to(null)
    answer()
    await new Promise((resolve) => setTimeout(resolve))
    expect(state()).toEqual({ kind: 'none' })
  })
})
