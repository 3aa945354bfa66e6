import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { Store } from '../ports/store/store.ts'
import { Gate, Stopping } from './gate.ts'
import { gatedStore } from './gated-store.ts'

it('a gate that closes waits for the work under way, and refuses what comes later', async () => {
  const clock = new FakeClock()
  const gate = new Gate()
  const steps: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = gate.run(() => promise).then(() => steps.push('work is done'))
  const closed = gate.close(1_000, clock).then(() => steps.push('gate is closed'))
  await expect(gate.run(() => 'late')).rejects.toThrow(Stopping)
  expect(steps).toEqual([])
  resolve()
  await Promise.all([work, closed])
  expect(steps).toEqual(['work is done', 'gate is closed'])
})

it('work that fails while a gate closes ends the wait as well', async () => {
  const clock = new FakeClock()
  const gate = new Gate()
  const { promise, reject } = Promise.withResolvers<void>()
  const work = gate.run(() => promise)
  const closed = gate.close(1_000, clock)
  reject(new Error('away'))
  await expect(work).rejects.toThrow('away')
  await closed
})

it('work that hangs holds up the close of a gate for the given time and no longer', async () => {
  const clock = new FakeClock()
  const gate = new Gate()
  void gate.run(() => new Promise(() => undefined))
  let isClosed = false
  const closed = gate.close(1_000, clock).then(() => (isClosed = true))
  await clock.advance(999)
  expect(isClosed).toBe(false)
  await clock.advance(1)
  await closed
})

it('a refused request is told to come back in a second', () => {
  const { status, code, retryAfter } = new Stopping()
  expect({ status, code, retryAfter }).toEqual({ status: 503, code: 'unavailable', retryAfter: 1 })
})

it('a gated store passes everything on until its gate is closed, then nothing', async () => {
  const gate = new Gate()
  /** A host's store may be an instance of a class */
  class HostStore {
    readonly epoch = 'e1'
    readonly #pulse = { epoch: 'e1', time: '2026-03-02T09:00:00.000Z' }
    calls = 0
    async ping() {
      this.calls++
      return this.#pulse
    }
  }
  const host = new HostStore()
  const store = gatedStore(host as unknown as Store, gate)
  expect([store.epoch, store.searchMessages]).toEqual(['e1', undefined])
  expect((await store.ping()).epoch).toBe('e1')
  await gate.close(1_000, new FakeClock())
  await expect(store.ping()).rejects.toThrow(Stopping)
  expect(host.calls).toBe(1)
})
