import { signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { SETTLE, Settling } from './settling.ts'

let clock: FakeClock
let settling: Settling<boolean>
beforeEach(() => {
  clock = new FakeClock()
  settling = new Settling(clock)
})

it('is where somebody else has just changed a chat, for a moment after the last change', async () => {
  settling.changed('ada', true)
  await clock.advance(SETTLE - 1)
  settling.changed('ada', false)
  settling.changed('bob', true)
  await clock.advance(SETTLE - 1)
  expect([settling.has('ada'), settling.has('bob')]).toEqual([true, true])
  await clock.advance(1)
  expect([settling.has('ada'), settling.has('bob')]).toEqual([false, false])
})

it('is not where the change is what we asked for, but where it is the opposite, or comes again after that', async () => {
  settling.own('ada', true)
  settling.changed('ada', true)
  settling.changed('ada', true)
  expect(settling.has('ada')).toBe(false)
  settling.changed('ada', false)
  expect(settling.has('ada')).toBe(true)
  await clock.advance(SETTLE)
  settling.changed('ada', true)
  expect(settling.has('ada')).toBe(true)
})

it('is where we asked for a change in vain, and somebody else makes it', () => {
  settling.own('ada', true)()
  settling.changed('ada', true)
  expect(settling.has('ada')).toBe(true)
})

it('watches the chat on the screen, and takes no other chat for a change', () => {
  const state = signal<{ chat: string; state: boolean } | null>(null)
  const show = (chat: string, archived: boolean): void => {
    state.value = { chat, state: archived }
  }
  const stop = settling.watch(state)
  state.value = null
  show('ada', true)
  show('bob', false)
  state.value = null
  show('bob', false)
  expect(settling.chats.value.size).toBe(0)
  show('bob', true)
  expect([...settling.chats.value]).toEqual(['bob'])
  stop()
  show('eve', true)
  show('eve', false)
  expect(settling.has('eve')).toBe(false)
  settling.close()
})
