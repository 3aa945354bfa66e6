import type { Blobs } from '../../src/server/ports/blobs.ts'

/** The contents of files, in memory, as a host would write it */
export function memoryBlobs(): Blobs & { contents: Map<string, Uint8Array<ArrayBuffer>> } {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    contents,
    async put(key, content, size) {
      const bytes = new Uint8Array(await new Response(content).arrayBuffer())
      if (bytes.length !== size) throw new Error(`${bytes.length} bytes instead of ${size}`)
      contents.set(key, bytes)
    },
    async get(key, { start = 0, length = Infinity } = { start: 0, length: Infinity }) {
      const bytes = contents.get(key)
      return bytes && new Blob([bytes.subarray(start, start + length)]).stream()
    },
    delete: async (key) => void contents.delete(key),
  }
}
