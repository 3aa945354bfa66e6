import { signal } from '@preact/signals'
import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { Now } from './now.ts'

it('moves every twenty seconds while somebody looks, and at once when somebody looks again', async () => {
  const clock = new FakeClock(1_000_000)
  const isVisible = signal(true)
  const now = new Now(clock, isVisible)
  expect(now.value.value).toBe(1_000_000)
  await clock.advance(19_999)
  expect(now.value.value).toBe(1_000_000)
  await clock.advance(20_001)
  expect(now.value.value).toBe(1_040_000)
  isVisible.value = false
  await clock.advance(60_000)
  expect(now.value.value).toBe(1_040_000)
  isVisible.value = true
  expect(now.value.value).toBe(1_100_000)
  now.close()
  await clock.advance(60_000)
  expect(now.value.value).toBe(1_100_000)
})
