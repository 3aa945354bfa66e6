/** A part of a file */
export interface BlobRange {
  /** The first byte; the first of a file is 0 */
  start: number
  /** How many bytes */
  length: number
}

/**
 * Where the contents of files are stored. A key is a UUID, and names one content for ever. Contents are streams: a file is never in memory as a
 * whole.
 */
export interface Blobs {
  /**
   * Stores a content; when the promise resolves, all of it is durable.
   * @param size bytes
   * @throws Error when the stream fails or has another number of bytes, and then nothing stays
   */
  put(key: string, content: ReadableStream<Uint8Array>, size: number): Promise<void>
  /**
   * @param range of the content, which is not empty and ends with the content at the latest. Default: all of it
   * @returns undefined: there is no content under this key
   */
  get(key: string, range?: BlobRange): Promise<ReadableStream<Uint8Array> | undefined>
  /** Also when there is none, or an interrupted `put` left a part of it */
  delete(key: string): Promise<void>
}
