import { signal, type Signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import { Api } from '../../client/api.ts'
import type { SubscriptionHandlers } from '../../client/connection/cable-frames.ts'
import { createCredentials } from '../../client/connection/credentials.ts'
import { createSession } from '../../client/connection/session.ts'
import type { Listening } from '../../protocol/listening.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf } from '../testing/memory-chats.ts'
import { goLive } from './live.ts'

let clock: FakeClock
/** What happened, in order */
let calls: string[]
let isLive: boolean
let channel: unknown
let handlers: SubscriptionHandlers
let listening: Signal<Listening | null>
/** How a poll ends */
let poll: () => Promise<boolean>
let stop: () => void

beforeEach(() => {
  clock = new FakeClock()
  calls = []
  isLive = false
  poll = async () => true
  listening = signal(null)
  stop = goLive({
    api: new Api({ base: 'http://desk.test/', session: createSession(createCredentials({})) }),
    listening,
    cable: {
      restAnswered: (answered) => void calls.push(`asked ${answered}`),
      subscribe(params, given) {
        channel = params
        handlers = given
        return {
          connected: false,
          get live() {
            return isLive
          },
          perform: () => false,
          whisper: () => false,
          resubscribe: () => {},
          unsubscribe: () => void calls.push('unsubscribe'),
        }
      },
    },
    clock,
    rowChanged: (chat) => void calls.push(`row ${chat.id}`),
    personChanged: (chatId, user) => void calls.push(`person ${user.id} of ${chatId}`),
    erased: (chatId) => void calls.push(`erased ${chatId}`),
    happened: () => void calls.push('happened'),
    connected: () => void calls.push('connected'),
    poll: () => {
      calls.push('poll')
      return poll()
    },
  })
})

it('tells of rows and of whatever else happened, and of each connect', () => {
  expect(channel).toEqual({ channel: 'AdminNotificationChannel' })
  handlers.connected?.()
  handlers.message({ type: 'chat_updated', chat: chatOf('a', 1) })
  handlers.message({ type: 'new_user_message', chat_id: 'c', user_email: 'x' })
  handlers.message({ type: 'person_updated', chat_id: 'c', user: { id: 'ada' } })
  handlers.message({ type: 'chat_erased', chat_id: 'c' })
  const told = ['row chat a', 'happened', 'happened', 'person ada of c', 'happened', 'erased c', 'happened']
  expect(calls).toEqual(['connected', ...told])
})

it('polls every five seconds while nothing tells of events, and not while something does', async () => {
  await clock.advance(4_999)
  expect(calls).toEqual([])
  await clock.advance(1)
  expect(calls).toEqual(['poll', 'asked true', 'happened'])
  await clock.advance(10_000)
  expect(calls.filter((call) => call === 'poll')).toHaveLength(3)
  isLive = true
  await clock.advance(60_000)
  expect(calls.filter((call) => call === 'poll')).toHaveLength(3)
  isLive = false
  await clock.advance(5_000)
  expect(calls.filter((call) => call === 'poll')).toHaveLength(4)
})

it('says that a poll had no answer, and nothing where none was asked', async () => {
  poll = () => Promise.reject(new Error('No connection'))
  await clock.advance(5_000)
  expect(calls).toEqual(['poll', 'asked false'])
  poll = async () => false
  await clock.advance(5_000)
  expect(calls).toEqual(['poll', 'asked false', 'poll'])
})

it('ends', async () => {
  stop()
  await clock.advance(60_000)
  expect(calls).toEqual(['unsubscribe'])
})

it('listens to the service that the server names, and polls on its hints, once a second at most', async () => {
  const service: Listening = { service: 'pusher', key: 'k', channel: 'staff', event: 'new-message' }
  expect(handlers.service).toBeUndefined()
  listening.value = service
  expect(handlers.service).toMatchObject({ listening: service, chatId: null })
  expect(await handlers.service?.look()).toBe(true)
  const second = handlers.service?.look()
  await clock.advance(999)
  expect(calls).toEqual(['poll', 'asked true', 'happened'])
  await clock.advance(1)
  expect(await second).toBe(true)
  expect(calls.filter((call) => call === 'poll')).toHaveLength(2)
})

it('a hint that comes while the list is loading is answered after that', async () => {
  isLive = true
  listening.value = { service: 'pusher', key: 'k', channel: 'staff', event: 'new-message' }
  poll = async () => false
  const looked = handlers.service?.look()
  await clock.advance(1_000)
  poll = async () => true
  await clock.advance(1_000)
  expect(await looked).toBe(true)
  poll = () => Promise.reject(new Error('No connection'))
  const failed = handlers.service?.look()
  await clock.advance(1_000)
  expect(await failed).toBe(false)
})
