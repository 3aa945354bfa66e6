import { expect, it } from 'vitest'
import { incomingFile } from './incoming-file.ts'

it('keeps no chunk that came, so that the beginning of a file in many small ones needs no more memory than another', async () => {
  const size = 300_000
  // A source that uses its memory again
  const chunk = new Uint8Array(1_000)
  let at = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at === size) return controller.close()
        for (let i = 0; i < chunk.length; i++) chunk[i] = at++ % 251
        controller.enqueue(chunk)
      },
    },
    { highWaterMark: 0 },
  )
  const { content } = await incomingFile(body)
  const bytes: number[] = []
  for await (const part of content) for (const byte of part) bytes.push(byte)
  expect(bytes.findIndex((byte, i) => byte !== i % 251)).toBe(-1)
  expect(bytes).toHaveLength(size)
})
