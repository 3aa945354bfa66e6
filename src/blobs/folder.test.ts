import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { markOwn } from '../server/ports/own-memory.ts'
import { folderBlobs } from './folder.ts'

it('keeps no chunk that came, so that a file in many small ones needs no more memory than another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const size = 5_000
  // A source that uses its memory again
  const chunk = new Uint8Array(3)
  let at = 0
  const content = new ReadableStream<Uint8Array>(
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
  const blobs = folderBlobs(folder)
  await blobs.put('key', content, size)
  const stored = new Uint8Array(await new Response(await blobs.get('key')).arrayBuffer())
  expect(stored).toEqual(Uint8Array.from({ length: size }, (_, i) => i % 251))
})

it('frees the memory of chunks that are its own, and no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const chunks = [1, 2, 3].map((byte) => new Uint8Array(300_000).fill(byte))
  const expected = Buffer.concat(chunks)
  for (const chunk of chunks.slice(0, 2)) markOwn(chunk)
  const blobs = folderBlobs(folder)
  await blobs.put('key', ReadableStream.from(chunks), 900_000)
  expect(chunks.map(({ length }) => length)).toEqual([0, 0, 300_000])
  expect(expected.equals(await new Response(await blobs.get('key')).bytes())).toBe(true)
})

it('lets go of a content that it cannot store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  // Where its folder should be is a file
  const file = join(folder, 'file')
  await writeFile(file, '')
  const reasons: unknown[] = []
  const content = () => new ReadableStream<Uint8Array>({ cancel: (reason) => void reasons.push(reason) })
  await expect(folderBlobs(file).put('key', content(), 1)).rejects.toMatchObject({ code: 'ENOTDIR' })
  await mkdir(join(folder, 'ke', 'key.part'), { recursive: true })
  await expect(folderBlobs(folder).put('key', content(), 1)).rejects.toMatchObject({ code: 'EISDIR' })
  expect(reasons).toMatchObject([{ code: 'ENOTDIR' }, { code: 'EISDIR' }])
})
