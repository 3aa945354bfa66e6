import { beforeEach, expect, it } from 'vitest'
import type { SubscriptionHandlers } from '../../client/connection/cable-frames.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf } from '../testing/memory-chats.ts'
import { goLive } from './live.ts'

let clock: FakeClock
/** What happened, in order */
let calls: string[]
let isLive: boolean
let channel: unknown
let handlers: SubscriptionHandlers
/** How a poll ends */
let poll: () => Promise<boolean>
let stop: () => void

beforeEach(() => {
  clock = new FakeClock()
  calls = []
  isLive = false
  poll = async () => true
  stop = goLive({
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
  handlers.message({ type: 'chat_updated', chat: chatOf('a', 1) }, null)
  handlers.message({ type: 'new_user_message', chat_id: 'c', user_email: 'x' }, null)
  handlers.message({ type: 'person_updated', chat_id: 'c', user: { id: 'ada' } }, null)
  handlers.message({ type: 'chat_erased', chat_id: 'c' }, null)
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
