import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { ConnectionStatus } from '../../client/connection/status.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { ConnectionNotice } from './connection-notice.ts'
import { FailureNotice } from './failure-notice.ts'

describe('that the connection is away', () => {
  const watch = (isOnline = true) => {
    const clock = new FakeClock()
    const status = signal<ConnectionStatus>('connecting')
    return { clock, status, notice: new ConnectionNotice({ status, clock, isOnline: () => isOnline }) }
  }

  it('is said only when it lasts, and no longer than that', async () => {
    const { clock, status, notice } = watch()
    await clock.advance(60_000)
    expect(notice.value.value).toBeNull()
    status.value = 'reconnecting'
    await clock.advance(1_999)
    status.value = 'connected'
    await clock.advance(60_000)
    expect(notice.value.value).toBeNull()
    status.value = 'reconnecting'
    await clock.advance(2_000)
    expect(notice.value.value).toBe('reconnecting')
    status.value = 'offline'
    expect(notice.value.value).toBe('offline')
    status.value = 'connected'
    expect(notice.value.value).toBeNull()
  })

  it('does not have to last again from when it gets worse', async () => {
    const { clock, status, notice } = watch()
    status.value = 'reconnecting'
    await clock.advance(1_000)
    status.value = 'offline'
    await clock.advance(1_000)
    expect(notice.value.value).toBe('offline')
  })

  it('is said at once where the device knows that it has no network', async () => {
    const { clock, status, notice } = watch(false)
    status.value = 'offline'
    await clock.advance(0)
    expect(notice.value.value).toBe('offline')
  })

  it('is not said after closing', async () => {
    const { clock, status, notice } = watch()
    status.value = 'reconnecting'
    notice.close()
    await clock.advance(60_000)
    expect(notice.value.value).toBeNull()
  })
})

describe('that something failed', () => {
  it('is said for eight seconds, and from the last failure on', async () => {
    const clock = new FakeClock()
    const failure = new FailureNotice(clock)
    expect(failure.value.value).toBeNull()
    failure.show('archive')
    await clock.advance(7_000)
    failure.show('restore')
    await clock.advance(7_999)
    expect(failure.value.value).toBe('restore')
    await clock.advance(1)
    expect(failure.value.value).toBeNull()
  })
})
