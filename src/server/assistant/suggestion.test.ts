import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { suggestionStream } from './suggestion.ts'

const NOW = '2026-03-02T12:00:00.000Z'

it('ends the generator of the host at a piece that its reader does not take', async () => {
  const ended = Promise.withResolvers<string>()
  const stream = suggestionStream({
    async *suggest() {
      try {
        yield 'Dear'
        yield ' Ada'
      } finally {
        ended.resolve('ended')
      }
    },
    chat: {
      id: 'c',
      user: {
        id: 'ada',
        email: '',
        name: null,
        first_seen_at: NOW,
        last_seen_at: NOW,
        page_url: null,
        attributes: {},
      },
      messages: [],
    },
    clock: new FakeClock(Date.parse(NOW)),
    timeout: 1_000,
    onError: (error) => ended.reject(error),
  })
  const reader = stream.getReader()
  await reader.read()
  await reader.cancel()
  expect(await ended.promise).toBe('ended')
})
