import { expect, it } from 'vitest'
import { readBytes } from './input.ts'

it('keeps no chunk that came, so that a body in many small ones needs no more memory than another', async () => {
  const size = 20_000
  // A source that uses its memory again
  const chunk = new Uint8Array(3)
  let at = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at === size) return controller.close()
        const part = chunk.subarray(0, Math.min(chunk.length, size - at))
        for (let i = 0; i < part.length; i++) part[i] = at++ % 251
        controller.enqueue(part)
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request('http://desk.example', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(await readBytes(request)).toEqual(Uint8Array.from({ length: size }, (_, i) => i % 251))
})
