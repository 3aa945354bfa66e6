import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { UnreadBodies } from './unread-body.ts'

const SECOND = 1_000

/** @param every how many seconds pass between two bytes */
async function dropped(every: number, seconds: number): Promise<boolean> {
  const clock = new FakeClock()
  const bodies = new UnreadBodies(clock)
  let source!: ReadableStreamDefaultController<Uint8Array>
  let isOver = false
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (source = controller) })
  const headers = { 'content-length': '1000000' }
  const request = new Request('http://desk.example', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
  const drop = bodies.drop(request).then(() => (isOver = true))
  for (let second = 1; second <= seconds && !isOver; second++) {
    await clock.advance(SECOND)
    if (second % every === 0 && !isOver) source.enqueue(new Uint8Array(1))
  }
  const wasOver = isOver
  if (!isOver) source.close()
  await drop
  return wasOver
}

it('A refused body that goes on coming is read for minutes, and one that stops or trickles is given up', async () => {
  expect(await dropped(10, 250)).toBe(false)
  expect(await dropped(40, 60)).toBe(true)
  expect(await dropped(10, 320)).toBe(true)
})
