import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBackoff } from './backoff.ts'
import type { ConnectionStatus } from './cable.ts'
import { Cable } from './cable.ts'
import { createCredentials } from './credentials.ts'

const network = { onLine: true }
/** A socket that never notices by itself that its network is gone */
class FakeSocket {
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor() {
    queueMicrotask(() => {
      if (!network.onLine) return this.onclose?.()
      this.readyState = 1
      this.onopen?.()
      this.onmessage?.({ data: '{"type":"welcome"}' })
    })
  }
  send(): void {}
  close(): void {
    this.readyState = 3
  }
}

let page: EventTarget
let cable: Cable
let seen: ConnectionStatus[]

beforeEach(async () => {
  vi.useFakeTimers()
  page = new EventTarget()
  network.onLine = true
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('navigator', network)
  vi.stubGlobal('WebSocket', FakeSocket)
  const credentials = createCredentials({ token: 't' })
  cable = new Cable({ url: 'ws://desk.test/cable', credentials, backoff: createBackoff(500, 20_000, () => 1) })
  seen = []
  cable.onStatus((status) => seen.push(status))
  cable.open()
  await vi.advanceTimersByTimeAsync(0)
})
afterEach(() => {
  cable.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function turn(onLine: boolean): void {
  network.onLine = onLine
  page.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
}

test('says at once that the network is gone, and comes back with it', async () => {
  turn(false)
  expect(seen).toEqual(['connected', 'offline'])
  await vi.advanceTimersByTimeAsync(3_000)
  expect(cable.status).toBe('offline')
  turn(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(seen).toEqual(['connected', 'offline', 'connected'])
})

test('once closed it listens to the network no more', async () => {
  cable.close()
  turn(false)
  turn(true)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(seen).toEqual(['connected'])
})
