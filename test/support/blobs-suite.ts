// What src/server/ports/blobs.ts asks of every place for files.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Blobs } from '../../src/entries/node.ts'

/** In pieces of several sizes */
export function streamOf(bytes: Uint8Array, end: 'closes' | 'fails' = 'closes'): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) return controller.enqueue(bytes.slice(at, (at += 70_000)))
      if (end === 'closes') controller.close()
      else controller.error(new Error('broken off'))
    },
  })
}

export const read = async (stream: ReadableStream<Uint8Array> | undefined): Promise<Uint8Array | undefined> =>
  stream && new Uint8Array(await new Response(stream).arrayBuffer())

/** @param names of what is stored there, as far as a test can see it */
export function blobsSuite(place: string, blobsThere: () => Blobs, names: () => string[] = () => []): void {
  describe(`In ${place}`, () => {
    const bytes = new Uint8Array(randomBytes(300_000))

    it('a content is there as a whole, and in parts, until it is deleted', async () => {
      const blobs = blobsThere()
      const key = crypto.randomUUID()
      expect(await blobs.get(key)).toBeUndefined()
      await blobs.put(key, streamOf(bytes), bytes.length)
      expect(await read(await blobs.get(key))).toEqual(bytes)
      const part = async (start: number, length: number) => read(await blobs.get(key, { start, length }))
      expect(await part(0, 1)).toEqual(bytes.slice(0, 1))
      expect(await part(100_000, 150_000)).toEqual(bytes.slice(100_000, 250_000))
      expect(await part(299_999, 1)).toEqual(bytes.slice(-1))
      await blobs.delete(key)
      await blobs.delete(key)
      expect(await blobs.get(key)).toBeUndefined()
    })

    it('what breaks off, or has another length, leaves nothing', async () => {
      const blobs = blobsThere()
      const key = crypto.randomUUID()
      await expect(blobs.put(key, streamOf(bytes, 'fails'), bytes.length + 5)).rejects.toThrow()
      await expect(blobs.put(key, streamOf(bytes), bytes.length + 1)).rejects.toThrow()
      await expect(blobs.put(key, streamOf(bytes), bytes.length - 1)).rejects.toThrow()
      expect(await blobs.get(key)).toBeUndefined()
      expect(names().filter((one) => one.startsWith(key))).toEqual([])
      await blobs.put(key, streamOf(bytes), bytes.length)
      expect(await read(await blobs.get(key))).toEqual(bytes)
    })
  })
}
