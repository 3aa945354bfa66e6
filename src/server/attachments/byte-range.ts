import type { BlobRange } from '../ports/blobs.ts'

/**
 * What a `Range` asks for (RFC 9110 section 14).
 * @returns undefined: all of it, also where it asks for several parts or in another unit; null: nothing of it is there
 */
export function byteRange(header: string | null, size: number): BlobRange | null | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (from === '' && to === '') return undefined
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? null : { start: size - length, length }
  }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return undefined
  if (start >= size) return null
  return { start, length: (to === '' ? size : Math.min(Number(to) + 1, size)) - start }
}
